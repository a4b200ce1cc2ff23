package simulate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// outside are the packages of the standard library by which a program reaches beyond its
// memory, each with the identifiers that the library may use.
var outside = map[string][]string{
	"os": {}, "os/exec": {}, "os/user": {}, "os/signal": {}, "syscall": {}, "unsafe": {}, "plugin": {}, "log": {}, "log/slog": {}, "runtime": {}, "runtime/debug": {},
	"net/http": {}, "net/rpc": {}, "crypto/tls": {}, "crypto/rand": {}, "io/ioutil": {},
	"net":          {"ParseMAC", "ParseIP", "ParseCIDR", "IPNet"},
	"time":         {"Duration", "Time", "Date", "Unix", "UnixMilli", "Month", "Weekday", "Location", "UTC", "Parse", "ParseDuration", "ParseInLocation", "ANSIC", "January", "Sunday", "Saturday", "Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour", "RFC3339", "DateTime", "DateOnly", "TimeOnly"},
	"math/rand":    {},
	"math/rand/v2": {"Rand", "New", "PCG", "NewPCG", "Source"},
	"testing":      {"TB", "T", "F", "M", "B"},
}

// paths are the files that may use more of these packages: they open files whose paths
// they are given, report to who runs tests, or wait as the package does that they stand in for.
var paths = map[string][]string{
	"parser/limits.go":                            {"os.Open"},
	"simulate/host/read.go":                       {"os.ReadFile"},
	"simulate/simtest/casefile/run.go":            {"os.ReadFile", "os.WriteFile"},
	"simulate/simtest/main.go":                    {"os.Stderr"},
	"simulate/simtest/iptablestest/ipset.go":      {"os.ReadFile"},
	"simulate/simtest/iptablestest/restore.go":    {"os.ReadFile"},
	"simulate/simtest/iptablestest/save.go":       {"os.WriteFile"},
	"simulate/simtest/iptablestest/kubernetes.go": {"time.After"},
}

// TestReachesNoFurther holds what the section Embedding of the documentation says of
// files, the network, the clock, chance and goroutines.
func TestReachesNoFurther(t *testing.T) {
	for _, dir := range []string{"netfilter", "parser", "simulate"} {
		require.NoError(t, filepath.WalkDir(filepath.Join("..", dir), func(p string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case e.IsDir() && (e.Name() == "lab" || e.Name() == "testdata"):
				return fs.SkipDir
			case !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go"):
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
			if err == nil {
				reaches(t, strings.TrimPrefix(filepath.ToSlash(p), "../"), f)
			}
			return err
		}))
	}
}

// reaches fails for what a file uses that it may not.
func reaches(t *testing.T, file string, f *ast.File) {
	named := map[string]string{} // packages by the names that the file has for them
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		if p == "C" {
			t.Errorf("%s uses cgo", file)
		}
		if _, ok := outside[p]; !ok {
			continue
		}
		name := path.Base(p)
		if name == "v2" {
			name = "rand"
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		named[name] = p
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			t.Errorf("%s starts a goroutine", file)
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok || x.Obj != nil { // a variable
				break
			}
			p, ok := named[x.Name]
			if ok && !slices.Contains(outside[p], n.Sel.Name) && !slices.Contains(paths[file], p+"."+n.Sel.Name) {
				t.Errorf("%s uses %s.%s", file, p, n.Sel.Name)
			}
		}
		return true
	})
}
