//go:build tools

// Package tools is never compiled: its imports are what `go mod tidy` pins the modules of, in go.mod and go.sum.
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
