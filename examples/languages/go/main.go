// What `pulumi up` runs.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"guarded-service/environment"
)

func main() {
	pulumi.Run(environment.Deploy)
}
