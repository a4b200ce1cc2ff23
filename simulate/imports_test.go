package simulate_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// layers are the packages of the module from the bottom up: each may import those
// above it in the list, and those on the same line. An entry counts for all
// packages below it that have no entry of their own.
var layers = [][]string{
	{"netfilter/packet", "netfilter/cond"},
	{"netfilter"},
	{"netfilter/internal"},
	{"netfilter/ipset", "netfilter/match", "netfilter/target", "netfilter/nft", "netfilter/enginetest"},
	{"parser"},
	{"simulate/host"},
	{"simulate/internal"},
	{"simulate"},
	{"simulate/simtest"},
	{"simulate/internal/lab"},
	{"examples"},
}

// layerOf returns the layer of a package, by its longest entry; -1 if it has none.
func layerOf(pkg string) int {
	for ; pkg != "."; pkg = path.Dir(pkg) {
		for i, line := range layers {
			for _, p := range line {
				if p == pkg {
					return i
				}
			}
		}
	}
	return -1
}

// TestImportsRunOneWay holds the direction of imports between the packages of the
// module, those of tests aside.
func TestImportsRunOneWay(t *testing.T) {
	const module = "github.com/packetpath/packetpath/"
	root := ".."
	require.NoError(t, filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(p))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		mine := layerOf(pkg)
		require.GreaterOrEqual(t, mine, 0, "package %s has no layer", pkg)
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if to, ok := strings.CutPrefix(name, module); ok {
				assert.LessOrEqual(t, layerOf(to), mine, "%s imports %s, which is a layer above it", p, to)
			}
		}
		return nil
	}))
}

// TestSizeOfPackages holds that no package grows beyond what a reader can keep in mind.
func TestSizeOfPackages(t *testing.T) {
	const most = 44 // product files
	count := map[string]int{}
	require.NoError(t, filepath.WalkDir("..", func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go") {
			count[filepath.ToSlash(filepath.Dir(p))]++
		}
		return err
	}))
	for dir, n := range count {
		switch dir {
		case "../netfilter/match", "../netfilter/target", "../netfilter/nft", "../netfilter/nft/eval":
			continue // a file for each extension or expression
		}
		assert.LessOrEqual(t, n, most, "files of %s", dir)
	}
}
