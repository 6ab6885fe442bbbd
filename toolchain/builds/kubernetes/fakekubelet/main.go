// Fakekubelet is what an API server needs of a node for `kubectl logs`, `exec` and `port-forward`: the kubelet's own streaming code with
// no container behind it. Only the end-to-end tests run it.
//
// The log of every container is a line of its own each 100 ms, `line 1` and so on; without `follow` it has three. `cat` in any container
// gives back what it is given, `echo` its arguments, and any other command ends with 127. Every port of every pod gives back what it gets.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	api "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	protocols "k8s.io/apimachinery/pkg/util/remotecommand"
	clientremotecommand "k8s.io/client-go/tools/remotecommand"
	"k8s.io/kubelet/pkg/cri/streaming/portforward"
	"k8s.io/kubelet/pkg/cri/streaming/remotecommand"
	"k8s.io/utils/exec"
)

const (
	idleTimeout     = 4 * time.Hour // the kubelet's own default
	creationTimeout = 30 * time.Second
	lineEvery       = 100 * time.Millisecond
	linesAtOnce     = 3
)

type containers struct{}

func (containers) ExecInContainer(ctx context.Context, _ string, _ types.UID, _ string, command []string, in io.Reader, out, _ io.WriteCloser, _ bool, _ <-chan clientremotecommand.TerminalSize, _ time.Duration) error {
	switch {
	case len(command) > 0 && command[0] == "echo":
		_, err := fmt.Fprintln(out, strings.Join(command[1:], " "))
		return err
	case len(command) == 1 && command[0] == "cat" && in != nil:
		_, err := io.Copy(out, in)
		return err
	default:
		return exec.CodeExitError{Err: fmt.Errorf("%q: not found", command), Code: 127}
	}
}

func (containers) PortForward(_ context.Context, _ string, _ types.UID, _ int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	_, err := io.Copy(stream, stream)
	return err
}

func serveLogs(w http.ResponseWriter, r *http.Request) {
	follow := r.URL.Query().Get("follow") == "true"
	tick := time.NewTicker(lineEvery)
	defer tick.Stop()
	for line := 1; follow || line <= linesAtOnce; line++ {
		if _, err := fmt.Fprintf(w, "line %d\n", line); err != nil {
			return
		}
		if !follow {
			continue
		}
		w.(http.Flusher).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

func serveExec(w http.ResponseWriter, r *http.Request) {
	options, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	command := r.URL.Query()[api.ExecCommandParam]
	remotecommand.ServeExec(w, r, containers{}, r.PathValue("pod"), "", r.PathValue("container"), command,
		options, idleTimeout, creationTimeout, protocols.SupportedStreamingProtocols)
}

func servePortForward(w http.ResponseWriter, r *http.Request) {
	options, err := portforward.NewV4Options(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	portforward.ServePortForward(w, r, containers{}, r.PathValue("pod"), "", options,
		idleTimeout, creationTimeout, portforward.SupportedProtocols)
}

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", serveLogs)
	mux.HandleFunc("/exec/{namespace}/{pod}/{container}", serveExec)
	mux.HandleFunc("/portForward/{namespace}/{pod}", servePortForward)
	return mux
}

func main() {
	address := flag.String("address", "127.0.0.1:10250", "where to listen")
	certificate := flag.String("tls-cert-file", "", "certificate, PEM")
	key := flag.String("tls-private-key-file", "", "its key, PEM")
	authority := flag.String("client-ca-file", "", "authority of who may ask, PEM")
	flag.Parse()

	pem, err := os.ReadFile(*authority)
	if err != nil {
		log.Fatal(err)
	}
	askers := x509.NewCertPool()
	if !askers.AppendCertsFromPEM(pem) {
		log.Fatalf("%s holds no certificate", *authority)
	}
	server := &http.Server{
		Addr:    *address,
		Handler: handler(),
		// Exec and port-forward take the connection over, which HTTP/2 has no way to give.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		TLSConfig:    &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: askers},
	}
	log.Fatal(server.ListenAndServeTLS(*certificate, *key))
}
