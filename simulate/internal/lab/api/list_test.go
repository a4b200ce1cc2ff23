package api

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/lab"
)

const (
	module = "github.com/packetpath/packetpath/"
	root   = "../../../../"
)

// exported are the exported names of a package, without methods and fields.
type exported struct {
	path, name           string
	funcs, types, values []string
}

// TestListOfExports holds that exports_test.go lists every exported function and type
// of the library, but for generic ones; -update writes it.
func TestListOfExports(t *testing.T) {
	var pkgs []exported
	for _, dir := range []string{"netfilter", "parser", "simulate"} {
		require.NoError(t, filepath.WalkDir(root+dir, func(p string, e fs.DirEntry, err error) error {
			switch {
			case err != nil || !e.IsDir():
				return err
			case e.Name() == "internal" || e.Name() == "testdata":
				return fs.SkipDir
			}
			x, err := exportsOf(p)
			if len(x.funcs)+len(x.types) > 0 {
				pkgs = append(pkgs, x)
			}
			return err
		}))
	}
	want := list(t, pkgs)
	if lab.Update() {
		require.NoError(t, os.WriteFile("exports_test.go", want, 0o644))
	}
	got, err := os.ReadFile("exports_test.go")
	require.NoError(t, err)
	require.Equal(t, string(want), strings.ReplaceAll(string(got), "\r\n", "\n"), "run the test with -update")
}

// TestModelStaysSmall holds the number of names that package netfilter exports, generic
// functions not counted: what only the engine needs belongs into the engine.
func TestModelStaysSmall(t *testing.T) {
	const most = 182
	x, err := exportsOf(root + "netfilter")
	require.NoError(t, err)
	n := len(x.funcs) + len(x.types) + len(x.values)
	require.LessOrEqual(t, n, most, "exported names of package netfilter")
	require.Greater(t, n, most-20, "exported names of package netfilter: the limit can be lowered")
}

// exportsOf reads the files of a package.
func exportsOf(dir string) (exported, error) {
	rel, err := filepath.Rel(root, dir)
	x := exported{path: module + filepath.ToSlash(rel), name: path.Base(filepath.ToSlash(rel))}
	if err != nil {
		return x, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return x, err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return x, err
		}
		for _, d := range f.Decls {
			x.add(d)
		}
	}
	slices.Sort(x.funcs)
	slices.Sort(x.types)
	return x, nil
}

func (x *exported) add(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.IsExported() && d.Type.TypeParams == nil {
			x.funcs = append(x.funcs, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.TypeParams == nil {
					x.types = append(x.types, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() {
						x.values = append(x.values, n.Name)
					}
				}
			}
		}
	}
}

func list(t *testing.T, pkgs []exported) []byte {
	var b bytes.Buffer
	b.WriteString("package api\n\n// Written by TestListOfExports -update.\n\nimport (\n\"reflect\"\n\n")
	for _, p := range pkgs {
		fmt.Fprintf(&b, "%q\n", p.path)
	}
	b.WriteString(")\n\n// functions are the exported functions of the library by name.\nvar functions = []function{\n")
	for _, p := range pkgs {
		for _, f := range p.funcs {
			fmt.Fprintf(&b, "{\"%[1]s.%[2]s\", %[1]s.%[2]s},\n", p.name, f)
		}
	}
	b.WriteString("}\n\n// types are its exported types.\nvar types = []reflect.Type{\n")
	for _, p := range pkgs {
		for _, n := range p.types {
			fmt.Fprintf(&b, "reflect.TypeFor[%s.%s](),\n", p.name, n)
		}
	}
	b.WriteString("}\n")
	text, err := format.Source(b.Bytes())
	require.NoError(t, err)
	return text
}
