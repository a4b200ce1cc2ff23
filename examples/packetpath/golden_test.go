package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what the command prints into the golden files")

// TestGoldenJSON holds what -json prints of every verb to files: fields may be
// added, none changes its meaning.
func TestGoldenJSON(t *testing.T) {
	host := []string{formats + "rules.save", formats + "sets.save", formats + "addr.json", formats + "route.json", formats + "rule.json"}
	const log = "[ 1.5] pods: IN=eth0 OUT=cni0 MAC=02:00:00:00:00:07:02:00:00:00:00:99:08:00 SRC=192.0.2.9 DST=10.244.1.5 LEN=40 TOS=0x00 PREC=0x00 TTL=63 ID=0 PROTO=TCP SPT=5001 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0 \n"
	old := write(t, "old", "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n")
	now := write(t, "new", "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 81 -j ACCEPT\nCOMMIT\n")
	tiny := write(t, "host", "link eth0 192.0.2.1/24\n")
	cases := write(t, "cases.txtar", strings.Replace(casefile, "\tdropped,", "\tdelivered,", 1))
	for _, c := range []struct {
		name  string
		stdin string
		args  []string
	}{
		{"where", "", append(append([]string{"where"}, host...), question, "eth0: tcp 203.0.113.5 > 10.244.1.5:8443")},
		{"branches", "", []string{"where", "-branches", write(t, "r", "*filter\n-A INPUT -m statistic --mode random --probability 0.25 -j DROP\nCOMMIT\n"), tiny, "eth0: udp 192.0.2.9:5 > 192.0.2.1:6"}},
		{"roundtrip", "", append(append([]string{"roundtrip"}, host...), question)},
		{"talk", question + "\nwait 5s\nreply\n", append([]string{"talk"}, host...)},
		{"explain-log", log, append(append([]string{"explain-log"}, host...), "-")},
		{"test", "", []string{"test", cases}},
		{"diff", "", []string{"diff", "-node", tiny, old, now}},
		{"show", "", append([]string{"show"}, host...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, out, stderr := run(t, c.stdin, append(c.args, "-json")...)
			require.NotEmpty(t, out, stderr)
			got := indent(t, out)
			path := filepath.Join("testdata", "golden", c.name+".json")
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
			documented(t, out)
		})
	}
}

var temporary = regexp.MustCompile(regexp.QuoteMeta(os.TempDir()) + `/[\w/]*/`)

// indent makes JSON lines readable, without the names of directories.
func indent(t *testing.T, lines string) string {
	t.Helper()
	var b bytes.Buffer
	for l := range strings.Lines(lines) {
		require.NoError(t, json.Indent(&b, []byte(l), "", "\t"), l)
	}
	return temporary.ReplaceAllString(b.String(), "")
}

// documented holds the help to the fields that are printed.
func documented(t *testing.T, lines string) {
	t.Helper()
	_, help, _ := run(t, "", "help", "json")
	for l := range strings.Lines(lines) {
		var object map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(l), &object))
		for field := range object {
			assert.Regexp(t, `\b`+field+`\b`, help, "packetpath help json does not tell of it")
		}
	}
}
