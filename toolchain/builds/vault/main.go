// Vault's own core, HTTP API and key-value engine in one process, unsealed and in memory: what `vault server -dev` is for tests. Vault's command
// itself cannot be built from the module proxy: it takes its SDK from a folder beside it, which was never published as it is there.
package main

import (
	"context"
	"fmt"
	"net"
	nethttp "net/http"
	"os"

	"github.com/hashicorp/go-hclog"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
	"github.com/hashicorp/vault/version"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println("Vault v" + version.Version)
		return
	}
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: vault TOKEN-FILE | vault version")
		os.Exit(2)
	}
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Listens on a free port of loopback, writes the root token into a file that nobody else reads, and then prints its address.
func serve(tokenFile string) error {
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: os.Stderr})
	storage, err := inmem.NewInmem(nil, logger)
	if err != nil {
		return err
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:        storage,
		LogicalBackends: map[string]logical.Factory{"kv": kv.Factory},
		BuiltinRegistry: engines{"kv"},
		DisableMlock:    true,
		Logger:          logger,
	})
	if err != nil {
		return err
	}
	ctx := context.Background()
	oneKey := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
	made, err := core.Initialize(ctx, &vault.InitParams{BarrierConfig: oneKey})
	if err != nil {
		return err
	}
	if _, err := core.Unseal(made.SecretShares[0]); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := os.WriteFile(tokenFile, []byte(made.RootToken+"\n"), 0o600); err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	listening := &configutil.Listener{Address: listener.Addr().String()}
	handler := http.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: listening})
	return nethttp.Serve(listener, handler)
}
