package netfilter_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/target"
)

// rooms are the packages that hold extensions, with their lists.
var rooms = map[string][]*netfilter.Definition{"match": match.Definitions(), "target": target.Definitions()}

// TestEveryExtensionIsComplete holds that file, type, definition and table of
// an extension agree.
func TestEveryExtensionIsComplete(t *testing.T) {
	for room, defs := range rooms {
		files := sourceFiles(t, room)
		listed := map[string]bool{} // types that a definition makes
		for _, d := range defs {
			listed[reflect.TypeOf(d.New()).Elem().Name()] = true
		}
		for _, path := range files {
			base := strings.TrimSuffix(filepath.Base(path), ".go")
			types := extensionTypes(t, path)
			assert.NotEmpty(t, types, "%s has no extension type", path)
			for name, doc := range types {
				assert.True(t, listed[name], "%s: type %s is not in definitions.go", path, name)
				assert.Contains(t, doc, ".c", "%s: the comment of type %s names no kernel source", path, name)
			}
			assert.FileExists(t, filepath.Join("../testdata/ext", room, base+".t"))
		}
		tables, err := filepath.Glob(filepath.Join("../testdata/ext", room, "*.t"))
		require.NoError(t, err)
		for _, path := range tables {
			base := strings.TrimSuffix(filepath.Base(path), ".t")
			assert.Contains(t, files, filepath.Join(room, base+".go"), "%s is the table of nothing", path)
		}
	}
}

func sourceFiles(t *testing.T, room string) (files []string) {
	t.Helper()
	entries, err := os.ReadDir(room)
	require.NoError(t, err)
	for _, e := range entries {
		n := e.Name()
		if strings.HasSuffix(n, ".go") && !strings.HasSuffix(n, "_test.go") && n != "doc.go" && n != "definitions.go" {
			files = append(files, filepath.Join(room, n))
		}
	}
	return files
}

// extensionTypes returns the types of a file that have a Definition method, with
// their comments.
func extensionTypes(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	require.NoError(t, err)
	types := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "Definition" {
			if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
				types[star.X.(*ast.Ident).Name] = ""
			}
		}
		return true
	})
	for _, decl := range file.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		name := g.Specs[0].(*ast.TypeSpec).Name.Name
		if _, ok := types[name]; ok {
			types[name] = g.Doc.Text()
		}
	}
	return types
}

func TestDefinitionsAreSound(t *testing.T) {
	for room, defs := range rooms {
		for i, d := range defs {
			e := d.New()
			assert.Equal(t, d.Name, e.Name(), "%s: name of the extension", room)
			if definer, ok := e.(netfilter.Definer); assert.True(t, ok, "%s %s", room, d.Name) {
				assert.Same(t, d, definer.Definition(), "%s %s", room, d.Name)
			}
			assert.NotZero(t, d.Families, "%s %s is for no family", room, d.Name)
			if i > 0 {
				before := strings.ToLower(defs[i-1].Name)
				assert.LessOrEqual(t, before, strings.ToLower(d.Name), "%s: the list is by name", room)
			}
			for _, other := range defs[:i] {
				same := other.Name == d.Name || slices.Contains(other.Aliases, d.Name) || slices.Contains(d.Aliases, other.Name)
				assert.False(t, same && other.Families&d.Families != 0, "%s: two definitions of %s for one family", room, d.Name)
			}
			checkOptions(t, room, d)
		}
	}
}

func checkOptions(t *testing.T, room string, d *netfilter.Definition) {
	t.Helper()
	seen, names := map[string]bool{}, map[string]bool{}
	for i := range d.Options {
		o := &d.Options[i]
		names[o.Name] = true
		for _, word := range append([]string{o.Name}, o.Aliases...) {
			assert.False(t, seen[word], "%s %s: two options --%s", room, d.Name, word)
			assert.NotContains(t, word, " ", "%s %s", room, d.Name)
			seen[word] = true
		}
		assert.NotNil(t, o.Set, "%s %s --%s stores nothing", room, d.Name, o.Name)
	}
	for i := range d.Options {
		o := &d.Options[i]
		for _, other := range append(slices.Clone(o.Excludes), o.Needs...) {
			assert.True(t, names[other], "%s %s --%s names --%s, which is no option", room, d.Name, o.Name, other)
		}
	}
}
