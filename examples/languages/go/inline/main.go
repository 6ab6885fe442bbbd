// The same without Pulumi's language host for Go: `go run ./inline up|destroy STACK`.
//
// An engine that was built from source has no language hosts. Pulumi's Automation API brings the program to it instead.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"guarded-service/environment"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: go run ./inline up|destroy STACK"))
	}
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func run(ctx context.Context, operation, name string) error {
	stack, err := auto.SelectStackInlineSource(ctx, name, "guarded-service", environment.Deploy, auto.WorkDir("."))
	if err != nil {
		return err
	}
	switch operation {
	case "up":
		_, err = stack.Up(ctx, optup.ProgressStreams(os.Stdout))
	case "destroy":
		_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(os.Stdout))
	default:
		err = fmt.Errorf("%q is unknown. Write up or destroy", operation)
	}
	return err
}
