package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets the test's own binary pose as the tools.
func TestMain(m *testing.M) {
	if os.Getenv("FAKEIPTABLES_POSE") != "" {
		main()
	}
	os.Exit(m.Run())
}

// script runs a shell script with the tools on its PATH.
func script(t *testing.T, dir, text string) string {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell: ", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "iptables")); errors.Is(err, fs.ErrPermission) {
		t.Skip("the user may not run the binary of the test by its path, and the machine's iptables must not be run instead: ", err)
	}
	cmd := exec.Command(shell, "-c", text)
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "FAKEIPTABLES="+filepath.Join(dir, "host.txtar"), "FAKEIPTABLES_POSE=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

func TestScript(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, install(dir))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "host.txtar"), []byte("-- host --\nlink eth0 192.0.2.7/24\n"), 0o644))
	out := script(t, dir, `
set -e
iptables -P INPUT DROP
iptables -C INPUT -p tcp --dport 22 -j ACCEPT 2>/dev/null || iptables -A INPUT -p tcp --dport 22 -j ACCEPT
ipset create bad hash:ip
echo 'add bad 192.0.2.66' | ipset restore
iptables-legacy -w -I INPUT -m set --match-set bad src -j REJECT
printf '*nat\n-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 22\nCOMMIT\n' | iptables-restore --noflush
iptables -N web && iptables -N web || echo "status $?"
iptables-save -t filter | grep -v '^#'
`)
	assert.Equal(t, "iptables: Chain already exists.\nstatus 1\n*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:web - [0:0]\n"+
		"-A INPUT -m set --match-set bad src -j REJECT --reject-with icmp-port-unreachable\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n", out)

	t.Setenv("FAKEIPTABLES", filepath.Join(dir, "host.txtar"))
	var stdout, stderr bytes.Buffer
	status := run([]string{"fakeiptables", "ask", "eth0: tcp 192.0.2.9:4000 > 192.0.2.7:80", "eth0: tcp 192.0.2.66:4000 > 192.0.2.7:22"}, nil, &stdout, &stderr)
	assert.Zero(t, status, stderr.String())
	assert.Regexp(t, `^delivered .*ACCEPT.*\nrejected; .*bad src.*\n$`, stdout.String())
}

// TestCommandsAtOnce runs commands at the same time; none is lost.
func TestCommandsAtOnce(t *testing.T) {
	t.Setenv("FAKEIPTABLES", filepath.Join(t.TempDir(), "host.txtar"))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			var out bytes.Buffer
			assert.Zero(t, run([]string{"iptables", "-A", "INPUT", "-j", "ACCEPT"}, nil, &out, &out), out.String())
		})
	}
	wait.Wait()
	var out bytes.Buffer
	assert.Zero(t, run([]string{"/usr/sbin/iptables", "-S", "INPUT"}, nil, &out, &out))
	assert.Equal(t, 9, bytes.Count(out.Bytes(), []byte("\n")))
}

func TestUsage(t *testing.T) {
	var out bytes.Buffer
	t.Setenv("FAKEIPTABLES", "")
	for _, args := range [][]string{{"fakeiptables"}, {"fakeiptables", "ask"}, {"fakeiptables", "ask", "x"}, {"iptables", "-S"}} {
		assert.Equal(t, 2, run(args, nil, &out, &out))
	}
	assert.Contains(t, out.String(), "set FAKEIPTABLES to the name of a file")
}
