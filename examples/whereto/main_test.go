package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scenario is the node of which the tests ask.
const scenario = "../../testdata/scenarios/nodeport-trace/"

// nodePort asks for the NodePort of the scenario.
const nodePort = "enp0s3: tcp 192.168.199.132:50995 > 192.168.199.119:32741 syn"

func ask(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(args, &out, &err, false)
	return status, out.String(), err.String()
}

func TestNodePortReachesThePod(t *testing.T) {
	status, out, _ := ask(t, "-rules", scenario+"rules.v4", "-host", scenario+"addr.json", scenario+"route.json", nodePort)
	assert.Equal(t, statusPassed, status)
	first, path, _ := strings.Cut(out, "\n")
	assert.Contains(t, first, "forwarded by cni0 as tcp 192.168.3.1:50995 > 192.168.3.4:80")
	assert.Contains(t, first, "filter:KUBE-FORWARD:rule:1")
	assert.Contains(t, path, "nat:KUBE-SEP-PJQYOXMI5CEBVECW:rule:2  -A KUBE-SEP-PJQYOXMI5CEBVECW -p tcp -m tcp -j DNAT --to-destination 192.168.3.4:80")
	assert.Contains(t, path, "[mark 0x0 → 0x4000]")
	assert.NotContains(t, out, "\x1b", "no colours but on a terminal")
}

func TestTraceIsTheKernels(t *testing.T) {
	_, out, _ := ask(t, "-rules", scenario+"rules.v4", "-host", scenario+"addr.json", "-host", scenario+"route.json", "-trace", nodePort)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	require.Greater(t, len(lines), 2)
	assert.Regexp(t, `^TRACE: raw:PREROUTING:policy:2 IN=enp0s3 OUT= MAC=[0-9a-f:]{41} SRC=192\.168\.199\.132 `, lines[1])
}

func TestJSONIsForMachines(t *testing.T) {
	status, out, _ := ask(t, "-rules", scenario+"rules.v4", "-host", scenario+"addr.json", scenario+"route.json", "-json", nodePort)
	assert.Equal(t, statusPassed, status)
	var answer struct {
		Fate   string
		OutDev string
		Packet struct {
			Dst   string
			DPort int
		}
		Path []struct{ Place string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &answer))
	assert.Equal(t, "forwarded", answer.Fate)
	assert.Equal(t, "cni0", answer.OutDev)
	assert.Equal(t, "192.168.3.4", answer.Packet.Dst)
	assert.Equal(t, 80, answer.Packet.DPort)
	assert.NotEmpty(t, answer.Path)
}

func TestExplainShowsWhatMissed(t *testing.T) {
	_, out, _ := ask(t, "-rules", scenario+"rules.v4", "-host", scenario+"addr.json", scenario+"route.json", "-explain", nodePort)
	assert.Contains(t, out, "nat:KUBE-SERVICES:rule:8  no: -d 192.168.2.125/32")
	assert.Contains(t, out, "nat:KUBE-SERVICES:rule:9  -A KUBE-SERVICES")
}

func TestBranchesAreExact(t *testing.T) {
	const dir = "../../testdata/scenarios/balancing/"
	status, out, _ := ask(t, "-rules", dir+"rules.v4", "-host", dir+"addr.json", dir+"route.json", "-branches",
		"tcp 10.244.2.1:40000 > 10.103.228.172:8088 syn")
	assert.Equal(t, statusPassed, status, out)
	assert.Contains(t, out, "3 outcomes")
	for _, end := range []string{"10.244.2.13:80", "10.244.2.14:80", "10.244.2.15:80"} {
		assert.Contains(t, out, end)
	}
	assert.Contains(t, out, " 33.3330%")
}

func TestExitStatus(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	closed := file("closed", "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n")
	broken := file("broken", "*filter\n-A INPUT -p tcp --dprt 80\nCOMMIT\n")
	empty := file("empty.json", "")
	for _, c := range []struct {
		name   string
		args   []string
		status int
		stderr string
	}{
		{"policy drops", []string{"-rules", closed, "eth0: udp 10.0.0.1:1 > 10.0.0.2:2"}, statusDropped, ""},
		{"words need no quotes", []string{"-rules", closed, "eth0:", "udp", "10.0.0.1:1", ">", "10.0.0.2:2"}, statusDropped, ""},
		{"no packet", []string{"-rules", closed}, statusBadInput, "no packet given"},
		{"no rules", []string{"udp 10.0.0.1:1 > 10.0.0.2:2"}, statusBadInput, "no rules given"},
		{"bad rules name the place", []string{"-rules", broken, "udp 10.0.0.1:1 > 10.0.0.2:2"}, statusBadInput, "broken:2:17"},
		{"bad packet shows the word", []string{"-rules", closed, "eth0: upd 10.0.0.1:1 > 10.0.0.2:2"}, statusBadInput, "^~~"},
		{"bad host", []string{"-rules", closed, "-host", empty, "udp 10.0.0.1:1 > 10.0.0.2:2"}, statusBadInput, "empty.json"},
		{"unknown flag", []string{"-nosuch"}, statusBadInput, "whereto -h"},
		{"help", []string{"-h"}, statusPassed, "usage: whereto"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, _, stderr := ask(t, c.args...)
			assert.Equal(t, c.status, status)
			assert.Contains(t, stderr, c.stderr)
		})
	}
}
