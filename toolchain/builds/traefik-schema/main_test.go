package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func write(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSchemaFollowsTagsAndPackages(t *testing.T) {
	root := t.TempDir()
	write(t, root, "pkg/config/static/a.go", "package static\n"+
		"import (\n\"github.com/traefik/paerser/types\"\n\"github.com/traefik/traefik/v3/pkg/tls\"\n)\n"+
		"type Configuration struct {\n"+
		"Shared `yaml:\",inline\"`\n"+
		"Level string `yaml:\"level,omitempty\"`\n"+
		"Wait types.Duration `yaml:\"wait\"`\n"+
		"Options map[string]tls.Options `yaml:\"options\"`\n"+
		"Hidden string `yaml:\"-\"`\n"+
		"Untagged string\n"+
		"}\n"+
		"type Shared struct { Port *int `yaml:\"port\"` }\n")
	write(t, root, "pkg/tls/b.go", "package tls\ntype Options struct { Names []string `yaml:\"names\"` }\n")
	write(t, root, "pkg/tls/b_test.go", "package tls\ntype Options struct{}\n")

	reader := newReader(root)
	reader.named("pkg/config/static", "Configuration")
	seen, err := json.Marshal(reader.definitions)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"config/static.Configuration":{"additionalProperties":false,"properties":{` +
		`"level":{"type":"string"},` +
		`"options":{"additionalProperties":{"$ref":"#/definitions/tls.Options"},"type":"object"},` +
		`"port":{"type":"integer"},` +
		`"wait":{"anyOf":[{"pattern":"^-?([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^[0-9]+$","type":"string"},{"type":"integer"}]}` +
		`},"type":"object"},` +
		`"tls.Options":{"additionalProperties":false,"properties":{"names":{"items":{"type":"string"},"type":"array"}},"type":"object"}}`
	if string(seen) != want {
		t.Errorf("unexpected definitions\n%s\nwanted\n%s", seen, want)
	}
}
