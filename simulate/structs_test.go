package simulate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"iter"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSizeOfStructs holds that a struct with many fields is assigned to in few files, so
// that a reader finds out where the value of a field comes from. A struct that grows
// beyond the limit can be divided into parts.
func TestSizeOfStructs(t *testing.T) {
	const (
		mostFields = 17
		mostFiles  = 4
	)
	// packet.Spec has a field for each field of the headers, and whoever builds a packet
	// assigns to them.
	exempt := []string{"netfilter/packet.Spec"}
	// The parts of what is kept for a session, a packet and a result.
	parts := []string{"stack", "budget", "observers", "reuse", "pathState", "outcome", "loopbackState", "bridgeState", "trackingState",
		"skbState", "frameState", "socketState", "pathRecord", "brief", "logRecord", "drawRecord"}

	c := readAssignments(t)
	large := 0
	for name, s := range c.structs() {
		if part, ok := strings.CutPrefix(name, "simulate."); ok && slices.Contains(parts, part) {
			parts = slices.DeleteFunc(parts, func(p string) bool { return p == part })
			for f := range s.Fields() {
				assert.LessOrEqual(t, len(c.files[f]), 1, "%s.%s: %v assign to it", name, f.Name(), slices.Sorted(maps.Keys(c.files[f])))
			}
		}
		if s.NumFields() > mostFields && !slices.Contains(exempt, name) {
			large++
			files := c.filesOf(s)
			assert.LessOrEqual(t, len(files), mostFiles, "%s has %d fields, which %v assign to", name, s.NumFields(), files)
		}
	}
	assert.Empty(t, parts, "parts that do not exist")
	assert.NotZero(t, large, "structs of more than %d fields, of which there are some", mostFields)
}

const modulePath = "github.com/packetpath/packetpath/"

// assignments type-checks the packages of the module and notes which files assign to
// fields. It imports other packages as if they were empty, so that the types of their
// results are unknown: an assignment to a field of such a result is not noted.
type assignments struct {
	fset  *token.FileSet
	pkgs  map[string]*types.Package // by import path
	files map[*types.Var]map[string]bool
}

// readAssignments reads the packages of the library, without those for its own tests.
func readAssignments(t *testing.T) *assignments {
	c := &assignments{fset: token.NewFileSet(), pkgs: map[string]*types.Package{}, files: map[*types.Var]map[string]bool{}}
	for _, dir := range []string{"netfilter", "parser", "simulate"} {
		require.NoError(t, filepath.WalkDir("../"+dir, func(p string, e fs.DirEntry, err error) error {
			switch {
			case err != nil || !e.IsDir():
				return err
			case e.Name() == "lab" || e.Name() == "testdata":
				return fs.SkipDir
			}
			_, err = c.Import(modulePath + filepath.ToSlash(p)[len("../"):])
			return err
		}))
	}
	return c
}

// structs yields the structs that have names, with the paths of their packages.
func (c *assignments) structs() iter.Seq2[string, *types.Struct] {
	return func(yield func(string, *types.Struct) bool) {
		for path, pkg := range c.pkgs {
			for _, name := range pkg.Scope().Names() {
				typ, ok := pkg.Scope().Lookup(name).(*types.TypeName)
				if !ok {
					continue
				}
				s, ok := typ.Type().Underlying().(*types.Struct)
				if ok && !yield(strings.TrimPrefix(path, modulePath)+"."+name, s) {
					return
				}
			}
		}
	}
}

// filesOf returns the names of the files that assign to fields of a struct.
func (c *assignments) filesOf(s *types.Struct) []string {
	all := map[string]bool{}
	for f := range s.Fields() {
		maps.Copy(all, c.files[f])
	}
	return slices.Sorted(maps.Keys(all))
}

// Import implements types.Importer.
func (c *assignments) Import(name string) (*types.Package, error) {
	if p, ok := c.pkgs[name]; ok {
		return p, nil
	}
	dir, ours := strings.CutPrefix(name, modulePath)
	if !ours {
		p := types.NewPackage(name, path.Base(name))
		p.MarkComplete()
		return p, nil
	}
	names, err := filepath.Glob("../" + dir + "/*.go")
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, n := range names {
		if strings.HasSuffix(n, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(c.fset, n, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	info := &types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}, Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: c, Error: func(error) {}} // what other packages export is missing
	p, _ := config.Check(name, c.fset, files, info)
	c.pkgs[name] = p
	for _, f := range files {
		c.note(f, info)
	}
	return p, nil
}

// note notes the assignments of a file.
func (c *assignments) note(f *ast.File, info *types.Info) {
	file := strings.TrimPrefix(filepath.ToSlash(c.fset.Position(f.Pos()).Filename), "../")
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				c.assigned(x, info, file)
			}
		case *ast.IncDecStmt:
			c.assigned(n.X, info, file)
		}
		return true
	})
}

// assigned notes that a file assigns to x: to a field, the fields that contain it, and,
// for an element of an array, the array.
func (c *assignments) assigned(x ast.Expr, info *types.Info, file string) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		c.assigned(x.X, info, file)
	case *ast.IndexExpr:
		if is[*types.Array](info.TypeOf(x.X)) {
			c.assigned(x.X, info, file)
		}
	case *ast.SelectorExpr:
		s := info.Selections[x]
		if s == nil {
			return
		}
		if v, ok := s.Obj().(*types.Var); ok {
			v = v.Origin()
			if c.files[v] == nil {
				c.files[v] = map[string]bool{}
			}
			c.files[v][file] = true
		}
		if !is[*types.Pointer](info.TypeOf(x.X)) {
			c.assigned(x.X, info, file)
		}
	}
}

// is reports whether a type is known and its underlying type is a T.
func is[T types.Type](typ types.Type) bool {
	if typ == nil {
		return false
	}
	_, ok := typ.Underlying().(T)
	return ok
}
