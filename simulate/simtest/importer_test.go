package simtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestImporter holds the module to what it brings into the go.mod of those who
// require it: for the library alone, and for tests that use package simtest.
func TestImporter(t *testing.T) {
	const (
		library = "go4.org/netipx v0.0.0-20220925034521-797b0c90d8ab\ngolang.org/x/net v0.1.0\n"
		tests   = "github.com/google/go-cmp v0.5.9\n" + library
	)
	for _, c := range []struct{ name, file, imports, brings string }{
		{"library", "a.go", "simulate parser netfilter/ipset", library},
		{"iptables in memory", "a_test.go", "simulate/simtest/iptablestest", library},
		{"tests", "a_test.go", "simulate/simtest simulate/simtest/casefile simulate/simtest/generatortest", tests},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newImporter(t, c.file, "", strings.Fields(c.imports)...)
			assert.Equal(t, c.brings, i.brought())
		})
	}
}

// TestImporterGraph holds the module to the graph that those who require it see:
// versions that theirs are lifted to if they are older. Of what only tests need these
// are the last releases there are of three modules, and a testify older than any in
// use.
func TestImporterGraph(t *testing.T) {
	i := newImporter(t, "a_test.go", "", "simulate/simtest")
	assert.Equal(t, strings.Fields(`
github.com/BurntSushi/toml@v0.4.1
github.com/davecgh/go-spew@v1.1.1
github.com/dvyukov/go-fuzz@v0.0.0-20210103155950-6a8e9d1f2415
github.com/google/go-cmp@v0.5.9
github.com/packetpath/packetpath@v0.0.0
github.com/pmezard/go-difflib@v1.0.0
github.com/stretchr/testify@v1.1.1
go4.org/netipx@v0.0.0-20220925034521-797b0c90d8ab
golang.org/x/exp/typeparams@v0.0.0-20220218215828-6cf2b201936e
golang.org/x/mod@v0.6.0-dev.0.20220419223038-86c51ed26bb4
golang.org/x/net@v0.1.0
golang.org/x/sys@v0.0.0-20211019181941-9d821ace8654
golang.org/x/sys@v0.1.0
golang.org/x/term@v0.1.0
golang.org/x/text@v0.4.0
golang.org/x/tools@v0.1.11-0.20220513221640-090b14e8501f
gopkg.in/yaml.v3@v3.0.1
honnef.co/go/tools@v0.3.2`), i.graph())

	old := newImporter(t, "a_test.go", "require github.com/stretchr/testify v1.7.0\n", "simulate/simtest", "github.com/stretchr/testify/assert")
	assert.Contains(t, old.mod(), "github.com/stretchr/testify v1.7.0\n", "the importer's own testify has been lifted")
}

// importer is a module that requires this one.
type importer struct {
	t   *testing.T
	dir string
}

// newImporter writes a module that imports packages in a file, those of this module by
// their folders, and tidies it. More is for its go.mod. It needs nothing but the modules
// that building these tests has fetched: of testify that is what go.mod replaces it
// with.
func newImporter(t *testing.T, file, more string, packages ...string) *importer {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command: ", err)
	}
	const module = "github.com/packetpath/packetpath"
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	_, replaced, ok := strings.Cut(string(own), "\nreplace ")
	require.True(t, ok)
	source := "package importer\n"
	for _, p := range packages {
		if !strings.Contains(p, ".") {
			p = module + "/" + p
		}
		source += "import _ \"" + p + "\"\n"
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	i := &importer{t, t.TempDir()}
	for name, text := range map[string]string{
		"go.mod": "module importer.test\n\ngo 1.24.0\n\nrequire " + module + " v0.0.0\n" + more +
			"\nreplace " + module + " => " + root + "\n\nreplace " + replaced,
		"go.sum": string(sums),
		file:     source,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(i.dir, name), []byte(text), 0o600))
	}
	i.run("mod", "tidy")
	require.Contains(t, i.mod(), "\ngo 1.24.0\n", "the importer's own version of Go has been lifted")
	return i
}

// run runs a command of go in the module.
func (i *importer) run(args ...string) string {
	i.t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = i.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local")
	out, err := cmd.CombinedOutput()
	require.NoError(i.t, err, string(out))
	return string(out)
}

// mod returns the module's go.mod.
func (i *importer) mod() string {
	i.t.Helper()
	text, err := os.ReadFile(filepath.Join(i.dir, "go.mod"))
	require.NoError(i.t, err)
	return string(text)
}

// brought returns the modules that "go mod tidy" has added.
func (i *importer) brought() string {
	i.t.Helper()
	var b strings.Builder
	for line := range strings.Lines(i.mod()) {
		if m, ok := strings.CutSuffix(line, " // indirect\n"); ok {
			b.WriteString(strings.TrimPrefix(strings.TrimSpace(m), "require ") + "\n")
		}
	}
	return b.String()
}

// graph returns the modules that the module graph requires, sorted.
func (i *importer) graph() (modules []string) {
	i.t.Helper()
	for line := range strings.Lines(i.run("mod", "graph")) {
		_, required, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(required, "go@") && !strings.HasPrefix(required, "toolchain@") {
			modules = append(modules, required)
		}
	}
	slices.Sort(modules)
	return slices.Compact(modules)
}
