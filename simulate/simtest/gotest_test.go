package simtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// userTests are the tests in testdata/user, built once, in a copy of their folder.
type userTests struct{ dir, binary string }

func buildUserTests(t *testing.T) *userTests {
	t.Helper()
	if testing.Short() {
		t.Skip("builds another test binary")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command: ", err)
	}
	u := &userTests{dir: t.TempDir()}
	u.binary = filepath.Join(u.dir, "user.test.exe")
	out, err := exec.Command("go", "test", "-vet=off", "-c", "-o", u.binary, "./testdata/user").CombinedOutput()
	require.NoError(t, err, string(out))
	require.NoError(t, os.CopyFS(u.dir, os.DirFS("testdata/user")))
	return u
}

// run runs the tests as "go test" does, with flags by the names that they have there,
// and returns all that they print.
func (u *userTests) run(t *testing.T, pass bool, flags ...string) string {
	t.Helper()
	cmd := exec.Command(u.binary)
	for _, f := range flags {
		if !strings.HasPrefix(f, "-update") {
			f = "-test." + f[1:]
		}
		cmd.Args = append(cmd.Args, f)
	}
	cmd.Dir = u.dir
	out, err := cmd.CombinedOutput()
	if pass {
		require.NoError(t, err, "%s\n%s", flags, out)
	} else {
		require.ErrorAs(t, err, new(*exec.ExitError), "%s\n%s", flags, out)
	}
	return string(out)
}

// file is the case file of the tests.
func (u *userTests) file() string { return filepath.Join(u.dir, "testdata", "session.txtar") }

// TestUnderGoTest runs tests of a user with the flags of go test: sessions, case files
// and coverage go by what runs, not by how.
func TestUnderGoTest(t *testing.T) {
	u := buildUserTests(t)

	t.Run("update", func(t *testing.T) {
		assert.Contains(t, u.run(t, false, "-v"), "the packet has no expected result")
		u.run(t, true, "-update")
		first, err := os.ReadFile(u.file())
		require.NoError(t, err)
		assert.Contains(t, string(first), "wan: udp 192.0.2.9:53 > 10.0.0.5:4000\n\tforwarded lan: udp")
		assert.Contains(t, string(first), "wan: udp 192.0.2.9:53 > 10.0.0.5:4000\n\tdropped (filter:FORWARD:policy)\n")
		u.run(t, true, "-update", "-count=2", "-shuffle=3")
		again, err := os.ReadFile(u.file())
		require.NoError(t, err)
		assert.Equal(t, string(first), string(again))
	})

	t.Run("all", func(t *testing.T) {
		for _, flags := range [][]string{nil, {"-v"}, {"-shuffle=7"}, {"-count=3"}, {"-parallel=8", "-cpu=1,4"}, {"-v", "-count=2", "-shuffle=on"}} {
			said := u.run(t, true, flags...)
			assert.NotContains(t, said, "coverage of rules", flags)
		}
		said := u.run(t, true, "-v")
		for _, name := range []string{"TestSession/and_is_answered", "TestCases/shared#03/from_outside", "TestFiles/session.txtar/lan:_udp_10.0.0.5:4000_>_192.0.2.9:53"} {
			assert.Contains(t, said, "--- PASS: "+name+" (")
		}
	})

	t.Run("a part", func(t *testing.T) {
		const skipped = "coverage of rules: not checked, only a part of the tests runs with "
		for _, c := range []struct{ flag, runs, says string }{
			{"-run=TestSession/answered", "TestSession/and_is_answered", skipped + "-run\n"}, // what came before goes its way all the same
			{"-run=TestFiles//wan", "TestFiles/session.txtar/wan:_udp_192.0.2.9:53_>_10.0.0.5:4000", skipped + "-run\n"},
			{"-skip=TestCases|lan", "TestSession/and_is_answered", skipped + "-skip\n"},
			{"-short", "TestCases/shared", skipped + "-short\n"},
		} {
			said := u.run(t, true, "-v", c.flag)
			assert.Contains(t, said, "--- PASS: "+c.runs+" (", c.flag)
			assert.Contains(t, said, c.says, c.flag)
		}
		assert.Contains(t, u.run(t, true, "-count=0"), skipped+"-count=0\n")
		assert.NotContains(t, u.run(t, true, "-list=."), "coverage")
	})

	t.Run("not covered", func(t *testing.T) {
		t.Setenv("USER_UNCOVERED", "yes")
		for _, flags := range [][]string{nil, {"-v"}, {"-count=2", "-shuffle=on"}} {
			assert.Regexp(t, `(?m)^coverage of rules: \d+\.\d% of the rules matched a packet, 100\.0% are asked for:$`, u.run(t, false, flags...))
		}
		assert.Contains(t, u.run(t, true, "-run=TestCases"), "not checked")
	})
}

// TestUnderGoTestJSON runs the same tests by "go test -json": all that comes is JSON,
// with an end for every subtest.
func TestUnderGoTestJSON(t *testing.T) {
	if testing.Short() {
		t.Skip("runs go test")
	}
	cmd := exec.Command("go", "test", "-vet=off", "-json", "-count=2", "-shuffle=on", "-run=TestSession|TestCases", "./testdata/user")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("there is no go command: ", err)
	}
	require.NoError(t, err, "%s%s", out, stderr.String())
	ended, said := map[string]int{}, ""
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var event struct{ Action, Test, Output string }
		if err := d.Decode(&event); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		said += event.Output
		require.NotContains(t, []string{"fail", "skip"}, event.Action)
		if event.Action == "pass" {
			ended[regexp.MustCompile(`#\d+`).ReplaceAllString(event.Test, "")]++
		}
	}
	assert.Equal(t, map[string]int{"": 1, "TestSession": 2, "TestSession/nobody_asks_from_outside": 2, "TestSession/the_lan_asks": 2,
		"TestSession/and_is_answered": 2, "TestCases": 2, "TestCases/shared": 8, "TestCases/shared/from_outside": 8}, ended)
	assert.Contains(t, said, "only a part of the tests runs with -run")
}
