package simulate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocNamesFunctions holds that the package documentation tells the path of a packet
// with names that exist: a word before the name of a file in parentheses is declared in
// that file, and words in parentheses are functions.
func TestDocNamesFunctions(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	require.NoError(t, err)
	pkg := map[string]*ast.File{}
	for _, p := range paths {
		if !strings.HasSuffix(p, "_test.go") {
			pkg[p], err = parser.ParseFile(token.NewFileSet(), p, nil, parser.ParseComments)
			require.NoError(t, err)
		}
	}
	path, _, _ := strings.Cut(pkg["doc.go"].Doc.Text(), "# Chance")
	places := regexp.MustCompile(`(\w+)\s+\((\w+\.go)\)`).FindAllStringSubmatch(path, -1)
	require.Greater(t, len(places), 10)
	for _, m := range places {
		if file := pkg[m[2]]; assert.NotNil(t, file, m[2]) {
			assert.Contains(t, declared(file), m[1], "in %s", m[2])
		}
	}
	var all []string
	for _, f := range pkg {
		all = append(all, declared(f)...)
	}
	for _, m := range regexp.MustCompile(`\((\w+(?:, \w+)*)\)`).FindAllStringSubmatch(path, -1) {
		assert.Subset(t, all, strings.Split(m[1], ", "))
	}
}

// declared returns the names of the functions, methods and types of a file.
func declared(f *ast.File) (names []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names = append(names, d.Name.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if typ, ok := s.(*ast.TypeSpec); ok {
					names = append(names, typ.Name.Name)
				}
			}
		}
	}
	return names
}
