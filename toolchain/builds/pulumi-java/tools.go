//go:build tools

// Package tools is never compiled: its import is what `go mod tidy` pins the modules of, in go.mod and go.sum.
package tools

import _ "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-java-gen"
