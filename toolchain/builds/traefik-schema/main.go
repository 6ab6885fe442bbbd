// Command traefik-schema writes JSON schemas of Traefik's configuration files out of Traefik's own source code: the
// struct tags from which Traefik itself reads them. It is run by hand when Traefik's version changes; see README.md.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

const modulePath = "github.com/traefik/traefik/v3/"

type schema = map[string]any

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: traefik-schema SOURCE_OF_TRAEFIK VERSION FOLDER_TO_WRITE_TO")
	}
	source, version, folder := os.Args[1], os.Args[2], os.Args[3]
	for _, kind := range []string{"static", "dynamic"} {
		reader := newReader(source)
		root := reader.named("pkg/config/"+kind, "Configuration")
		document := schema{
			"$schema":     "http://json-schema.org/draft-07/schema#",
			"title":       fmt.Sprintf("Traefik %s, %s configuration", version, kind),
			"$ref":        root["$ref"],
			"definitions": reader.definitions,
		}
		text, err := json.MarshalIndent(document, "", " ")
		if err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, kind+".json"), append(text, '\n'), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// reader turns Go types into definitions, each once.
type reader struct {
	source      string
	packages    map[string]*parsedPackage
	definitions map[string]schema
}

// parsedPackage is a package's types, each with the imports of its file.
type parsedPackage struct {
	types   map[string]ast.Expr
	imports map[string]map[string]string
}

func newReader(source string) *reader {
	return &reader{source: source, packages: map[string]*parsedPackage{}, definitions: map[string]schema{}}
}

func (r *reader) load(folder string) *parsedPackage {
	if known := r.packages[folder]; known != nil {
		return known
	}
	parsed := &parsedPackage{types: map[string]ast.Expr{}, imports: map[string]map[string]string{}}
	r.packages[folder] = parsed
	files, err := filepath.Glob(filepath.Join(r.source, folder, "*.go"))
	if err != nil || len(files) == 0 {
		log.Fatalf("no Go files in %s (%v)", folder, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			log.Fatal(err)
		}
		imports := map[string]string{}
		for _, one := range file.Imports {
			path := strings.Trim(one.Path.Value, `"`)
			alias := filepath.Base(path)
			if one.Name != nil {
				alias = one.Name.Name
			}
			imports[alias] = path
		}
		for _, declaration := range file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.TYPE {
				continue
			}
			for _, spec := range general.Specs {
				definition := spec.(*ast.TypeSpec)
				parsed.types[definition.Name.Name] = definition.Type
				parsed.imports[definition.Name.Name] = imports
			}
		}
	}
	return parsed
}

// named is the schema of a type of a package; a struct becomes a definition that is referred to.
func (r *reader) named(folder, name string) schema {
	parsed := r.load(folder)
	expression, ok := parsed.types[name]
	if !ok {
		log.Fatalf("%s has no type %s", folder, name)
	}
	structure, ok := expression.(*ast.StructType)
	if !ok {
		return r.of(folder, parsed.imports[name], expression)
	}
	key := strings.TrimPrefix(folder, "pkg/") + "." + name
	reference := schema{"$ref": "#/definitions/" + strings.ReplaceAll(key, "/", "~1")}
	if _, known := r.definitions[key]; known {
		return reference
	}
	definition := schema{}
	r.definitions[key] = definition
	properties := schema{}
	r.fields(folder, parsed.imports[name], structure, properties)
	definition["type"] = "object"
	definition["additionalProperties"] = false
	definition["properties"] = properties
	return reference
}

// fields adds what a struct takes from a file. A field without a tag is no part of it.
func (r *reader) fields(folder string, imports map[string]string, structure *ast.StructType, into schema) {
	for _, field := range structure.Fields.List {
		tag := reflect.StructTag("")
		if field.Tag != nil {
			tag = reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
		}
		name, options, _ := strings.Cut(tag.Get("yaml"), ",")
		if strings.Contains(options, "inline") {
			r.inline(folder, imports, field.Type, into)
			continue
		}
		if name == "" || name == "-" || tag.Get("file") == "-" {
			continue
		}
		into[name] = r.of(folder, imports, field.Type)
	}
}

func (r *reader) inline(folder string, imports map[string]string, expression ast.Expr, into schema) {
	switch embedded := expression.(type) {
	case *ast.StarExpr:
		r.inline(folder, imports, embedded.X, into)
	case *ast.Ident:
		parsed := r.load(folder)
		r.fields(folder, parsed.imports[embedded.Name], parsed.types[embedded.Name].(*ast.StructType), into)
	case *ast.SelectorExpr:
		other := strings.TrimPrefix(imports[embedded.X.(*ast.Ident).Name], modulePath)
		parsed := r.load(other)
		r.fields(other, parsed.imports[embedded.Sel.Name], parsed.types[embedded.Sel.Name].(*ast.StructType), into)
	default:
		log.Fatalf("%s embeds a %T, which has no fields", folder, expression)
	}
}

func (r *reader) of(folder string, imports map[string]string, expression ast.Expr) schema {
	switch kind := expression.(type) {
	case *ast.StarExpr:
		return r.of(folder, imports, kind.X)
	case *ast.ArrayType:
		return schema{"type": "array", "items": r.of(folder, imports, kind.Elt)}
	case *ast.MapType:
		return schema{"type": "object", "additionalProperties": r.of(folder, imports, kind.Value)}
	case *ast.InterfaceType:
		return schema{}
	case *ast.StructType:
		properties := schema{}
		r.fields(folder, imports, kind, properties)
		return schema{"type": "object", "additionalProperties": false, "properties": properties}
	case *ast.Ident:
		return r.ident(folder, kind.Name)
	case *ast.SelectorExpr:
		return r.foreign(imports[kind.X.(*ast.Ident).Name], kind.Sel.Name)
	}
	log.Fatalf("%s has a %T, which no schema is known for", folder, expression)
	return nil
}

func (r *reader) ident(folder, name string) schema {
	switch name {
	case "string":
		return schema{"type": "string"}
	case "bool":
		return schema{"type": "boolean"}
	case "any":
		return schema{}
	case "float32", "float64":
		return schema{"type": "number"}
	}
	if strings.HasPrefix(name, "int") || strings.HasPrefix(name, "uint") {
		return schema{"type": "integer"}
	}
	return r.named(folder, name)
}

// foreign is the schema of a type of another package. Those of other modules are few, and each has its own text form.
func (r *reader) foreign(path, name string) schema {
	if strings.HasPrefix(path, modulePath) {
		return r.named(strings.TrimPrefix(path, modulePath), name)
	}
	switch path + "." + name {
	case "github.com/traefik/paerser/types.Duration":
		// A number counts seconds (paerser's types/duration.go).
		return schema{"anyOf": []schema{{"type": "string", "pattern": `^-?([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^[0-9]+$`}, {"type": "integer"}}}
	case "google.golang.org/grpc/codes.Code":
		return schema{"type": "integer"}
	}
	log.Fatalf("no schema is known for %s.%s", path, name)
	return nil
}
