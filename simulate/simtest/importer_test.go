package simtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestImporter holds the module to what it brings into the go.mod of those who
// require it: for the library alone, and for tests that use package simtest.
func TestImporter(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command: ", err)
	}
	const (
		library = "go4.org/netipx v0.0.0-20220925034521-797b0c90d8ab\ngolang.org/x/net v0.1.0\n"
		tests   = "github.com/google/go-cmp v0.5.9\n" + library
	)
	for _, c := range []struct{ name, file, imports, brings string }{
		{"library", "a.go", "simulate parser netfilter/ipset", library},
		{"iptables in memory", "a_test.go", "simulate/simtest/iptablestest", library},
		{"tests", "a_test.go", "simulate/simtest simulate/simtest/casefile", tests},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.brings, brought(t, c.file, strings.Fields(c.imports))) })
	}
}

// brought returns the modules that "go mod tidy" adds to a module which imports
// packages of this one in a file. It needs nothing but the modules that building
// these tests has fetched.
func brought(t *testing.T, file string, packages []string) string {
	t.Helper()
	const module = "github.com/packetpath/packetpath"
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir := t.TempDir()
	source := "package importer\n"
	for _, p := range packages {
		source += "import _ \"" + module + "/" + p + "\"\n"
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	for name, text := range map[string]string{
		"go.mod": "module importer.test\n\ngo 1.24.0\n\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + root + "\n",
		"go.sum": string(sums),
		file:     source,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	cmd := exec.Command("go", "mod", "tidy")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	require.NoError(t, err)
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if m, ok := strings.CutSuffix(line, " // indirect\n"); ok {
			b.WriteString(strings.TrimPrefix(strings.TrimSpace(m), "require ") + "\n")
		}
	}
	require.Contains(t, string(text), "\ngo 1.24.0\n", "the importer's own version of Go has been lifted")
	return b.String()
}
