package listing

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

var every = flag.Int("listing.every", 25, "ask the live iptables for the listing of one ruleset of so many")

// TestLiveListings has the machine's iptables load rulesets of the corpus, list
// and save them, and compares the rules read from the listing with those saved.
// It needs root, iptables and PACKETPATH_DATA, and works in a network namespace
// of its own.
func TestLiveListings(t *testing.T) {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA does not say where the corpus is")
	}
	if _, err := exec.LookPath("iptables-legacy-restore"); err != nil || os.Getuid() != 0 {
		t.Skip("needs root and iptables-legacy")
	}
	index, err := os.ReadFile(filepath.Join(data, "corpus", "INDEX.tsv"))
	require.NoError(t, err)
	n, compared := 0, 0
	for l := range strings.Lines(string(index)) {
		f := strings.Split(l, "\t")
		if len(f) < 11 || f[10] != "ok" {
			continue
		}
		if n++; n%*every != 0 {
			continue
		}
		t.Run(f[0], func(t *testing.T) {
			family, tool := netfilter.IPv4, "iptables-legacy"
			if f[1] == "6" {
				family, tool = netfilter.IPv6, "ip6tables-legacy"
			}
			compared += compareLive(t, family, tool, filepath.Join(data, "corpus", f[0]))
		})
	}
	t.Logf("%d rules of %d rulesets compared", compared, n / *every)
	assert.Positive(t, compared)
}

// compareLive returns how many rules were compared.
func compareLive(t *testing.T, family netfilter.Family, tool, path string) int {
	t.Helper()
	const script = `sets=$(dirname "$2")/$(basename "$2" .rules).ipset; [ ! -f "$sets" ] || ipset restore <"$sets"
grep -oE -e '--(match|add|del|map)-set [^ ]+' "$2" | sort -u | while read -r o s; do ipset create "$s" hash:net family $3 2>/dev/null; done
$1-restore <"$2" || exit 3
for t in filter nat mangle raw security; do echo "@$t"; $1 -t $t -L -n -v -x; echo "@S$t"; $1 -t $t -S; done`
	cmd := exec.Command("unshare", "-n", "bash", "-c", script, "listing", tool, path, map[netfilter.Family]string{netfilter.IPv4: "inet", netfilter.IPv6: "inet6"}[family])
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	if err := cmd.Run(); err != nil {
		t.Skipf("this machine does not load it: %v %s", err, bad.String())
	}
	parts := map[string]string{}
	name := ""
	for l := range strings.Lines(out.String()) {
		if rest, ok := strings.CutPrefix(l, "@"); ok {
			name = strings.TrimSpace(rest)
			continue
		}
		parts[name] += l
	}
	n := 0
	for _, table := range netfilter.TableNames() {
		want := rulesIn(parts["S"+table])
		if len(want) == 0 {
			continue
		}
		rs, _, err := Parse(path, parts[table], Options{Family: family})
		if table == "security" {
			rs, _, err = Parse(path, parts[table], Options{Family: family, Table: table})
		}
		if !assert.NoError(t, err, table) {
			continue
		}
		assert.Equal(t, want, rulesIn(string(rs.AppendSave(nil, netfilter.SaveOptions{}))), table)
		n += len(want)
	}
	return n
}

// lost is what a listing does not show of a rule.
var lost = regexp.MustCompile(` ! --quota| -m osf.*| --[ds]port 0:65535| --hashlimit-name \S+`)

// rulesIn returns the rules of a text as far as a listing shows them.
func rulesIn(text string) (out []string) {
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, "-A ") {
			l = strings.Replace(strings.TrimSpace(l), " -m conntrack --ctdir", " --ctdir", 1) // two matches read like one
			out = append(out, lost.ReplaceAllString(l, " …"))
		}
	}
	return out
}
