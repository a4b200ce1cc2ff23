package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// binary is the command, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "packetpath")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "packetpath")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the command: %v\n%s", err, out)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// run runs the command with a text on standard input.
func run(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "COLUMNS=", "NO_COLOR=")
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), bad.String()
}

// scenario is the node of which the tests ask, and nodePort the NodePort on it.
const (
	scenario = "../../testdata/scenarios/nodeport-trace/"
	nodePort = "enp0s3: tcp 192.168.199.132:50995 > 192.168.199.119:32741 syn"
)

var node = []string{scenario + "rules.v4", scenario + "addr.json", scenario + "route.json"}

func where(args ...string) []string { return append(append([]string{"where"}, node...), args...) }

// write makes a file for a test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestNodePortReachesThePod(t *testing.T) {
	status, out, _ := run(t, "", where(nodePort)...)
	assert.Equal(t, 0, status)
	first, path, _ := strings.Cut(out, "\n")
	assert.Contains(t, first, "forwarded by cni0 as tcp 192.168.3.1:50995 > 192.168.3.4:80")
	assert.Contains(t, first, "filter:KUBE-FORWARD:rule:1")
	assert.Contains(t, path, `the mark 0x4000 was set by nat:KUBE-MARK-MASQ:rule:1 -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000, which nat:KUBE-NODEPORTS:rule:1 ("default/nginx:") leads to`)
	assert.Contains(t, path, "nat:KUBE-SEP-PJQYOXMI5CEBVECW:rule:2  -A KUBE-SEP-PJQYOXMI5CEBVECW -p tcp -m tcp -j DNAT --to-destination 192.168.3.4:80")
	assert.Contains(t, path, "[mark 0x0 → 0x4000]")
	assert.Contains(t, path, "note: net.ipv4.ip_forward is not given")
	assert.NotContains(t, out, "\x1b", "no colours but on a terminal")
}

func TestTraceIsTheKernels(t *testing.T) {
	_, out, _ := run(t, "", where("-trace", nodePort)...)
	assert.Regexp(t, `(?m)^TRACE: raw:PREROUTING:policy:2 IN=enp0s3 OUT= MAC=[0-9a-f:]{41} SRC=192\.168\.199\.132 `, out)
}

func TestExplainShowsWhatMissed(t *testing.T) {
	_, out, _ := run(t, "", where("-explain", nodePort)...)
	assert.Contains(t, out, "nat:KUBE-SERVICES:rule:8  no: -d 192.168.2.125/32")
	assert.Contains(t, out, "nat:KUBE-SERVICES:rule:9  -A KUBE-SERVICES")
}

func TestBranchesAreExact(t *testing.T) {
	const dir = "../../testdata/scenarios/balancing/"
	args := []string{"where", dir + "rules.v4", dir + "addr.json", dir + "route.json", "-branches", "tcp 10.244.2.1:40000 > 10.103.228.172:8088 syn"}
	status, out, stderr := run(t, "", args...)
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, out, "3 outcomes")
	for _, end := range []string{"10.244.2.13:80", "10.244.2.14:80", "10.244.2.15:80"} {
		assert.Contains(t, out, end)
	}
	assert.Contains(t, out, " 33.3330%")
}

func TestSeveralPacketsAreALineEach(t *testing.T) {
	status, out, stderr := run(t, "", where("-json", nodePort, "enp0s3: udp 192.168.199.132 > 192.168.199.119:9")...)
	assert.Equal(t, 0, status, stderr)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 2)
	for i, want := range []string{"rule-accept", "policy-accept"} {
		var got struct {
			Reason string
			Passed bool
			Result struct{ Fate string }
			Notes  []struct{ Code string }
		}
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &got))
		assert.Equal(t, want, got.Reason)
		assert.True(t, got.Passed)
		assert.NotEmpty(t, got.Result.Fate)
	}
}

func TestStrictMakesNotesErrors(t *testing.T) {
	status, out, stderr := run(t, "", where("-strict", nodePort)...)
	assert.Equal(t, 2, status)
	assert.Empty(t, out)
	assert.Contains(t, stderr, "net.ipv4.ip_forward is not given")
	sysctl := write(t, "sysctl.conf", "net.ipv4.ip_forward = 1\nvm.swappiness = 60\n")
	status, _, stderr = run(t, "", where("-strict", sysctl, nodePort)...)
	assert.Equal(t, 0, status, stderr)
}

func TestRoundtrip(t *testing.T) {
	status, out, _ := run(t, "", append([]string{"roundtrip"}, append(node, nodePort)...)...)
	assert.Equal(t, 0, status)
	assert.Contains(t, out, "the answer comes back: forwarded by enp0s3 as tcp 192.168.199.119:32741 > 192.168.199.132:50995")
	assert.Contains(t, out, "connection: tcp")

	oneWay := write(t, "rules", "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth0 -j ACCEPT\nCOMMIT\n")
	host := write(t, "host", "link eth0 192.0.2.1/24\nlink eth1 10.0.0.1/24\n")
	status, out, _ = run(t, "", "roundtrip", oneWay, host, "eth0: tcp 192.0.2.9 > 10.0.0.9:80")
	assert.Equal(t, 1, status)
	assert.Contains(t, out, "the answer does not come back: dropped; decided by filter:FORWARD:policy:2 policy DROP")
}

func TestTalk(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.1/24\nlink eth1 10.0.0.1/24\n")
	rules := write(t, "rules", "*nat\n-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.9\nCOMMIT\n")
	script := "eth0: tcp 192.0.2.9:5000 > 192.0.2.1:80\nreply\nwait 2h\nreply\nconns\n"
	status, out, stderr := run(t, script, "talk", host, rules)
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, out, "nat: its rules were asked, for the packet is the first of its connection there")
	assert.Contains(t, out, "nat: its rules were not asked: the packet is translated as the first of its connection was")
	assert.Contains(t, out, "+ tcp")

	web, db := write(t, "web", "link eth0 10.0.0.1/24\n"), write(t, "db", "link eth0 10.0.0.2/24\n")
	closed := write(t, "closed", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n")
	script = fmt.Sprintf("host web %s\nhost db %s %s\njoin web:eth0 db:eth0\nweb: tcp 10.0.0.1:5000 > 10.0.0.2:80\n", web, db, closed)
	status, out, stderr = run(t, script, "talk")
	assert.Equal(t, 1, status, stderr)
	assert.Contains(t, out, "policy DROP")
}

func TestExplainLog(t *testing.T) {
	var cases, log strings.Builder
	_, out, _ := run(t, "", where("-trace", nodePort)...)
	for l := range strings.Lines(out) {
		if strings.HasPrefix(l, "TRACE: ") {
			log.WriteString("[ 12.5] " + l)
		}
	}
	cases.WriteString(log.String())
	status, out, stderr := run(t, cases.String(), append([]string{"explain-log"}, append(node, "-")...)...)
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, out, "nat:KUBE-SERVICES:rule:9  -A KUBE-SERVICES -m comment")
	assert.Contains(t, out, "the rules given agree")

	other := strings.Replace(log.String(), "KUBE-SERVICES:rule:9", "KUBE-SERVICES:rule:7", 1)
	status, out, _ = run(t, other, append([]string{"explain-log"}, append(node, "-")...)...)
	assert.Equal(t, 1, status)
	assert.Contains(t, out, "the log has nat:KUBE-SERVICES:rule:7, but with the rules given the packet goes to nat:KUBE-SERVICES:rule:9")
}

const casefile = `What a host does.
-- host --
link eth0 192.0.2.1/24
link eth1 10.0.0.1/24
-- rules --
*filter
:FORWARD DROP [0:0]
-A FORWARD -i eth0 -p tcp --dport 80 -m comment --comment web -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
-- packets --
# the web is open
eth0: tcp 192.0.2.9 > 10.0.0.9:80
	forwarded, to 10.0.0.9:80, via eth1, by "web"
	never reaches INPUT
# nothing else is
eth0: tcp 192.0.2.9 > 10.0.0.9:22
	dropped, by "filter:FORWARD:policy"
-- session --
eth0: tcp 192.0.2.9:5000 > 10.0.0.9:80
	passed
reply
	passed, to 192.0.2.9:5000
`

func TestCasefiles(t *testing.T) {
	good := write(t, "good.txtar", casefile)
	status, out, stderr := run(t, "", "test", good, "-coverage", "0.9")
	assert.Equal(t, 0, status, out+stderr)
	assert.Contains(t, out, "4 cases, 0 failed")

	bad := write(t, "bad.txtar", strings.Replace(casefile, "\tdropped,", "\tdelivered,", 1))
	status, out, _ = run(t, "", "test", bad)
	assert.Equal(t, 1, status)
	assert.Contains(t, out, "bad.txtar:18: want: delivered")
	assert.Contains(t, out, "got: dropped; decided by filter:FORWARD:policy:3 policy DROP")
	assert.Equal(t, 1, strings.Count(out, "dropped; decided by filter:FORWARD:policy:3 policy DROP"), "the answer is not told twice")
	assert.Contains(t, out, "nearest rule that did not match: filter:FORWARD:rule:1")

	_, out, _ = run(t, "", "test", "-o", "github", bad)
	assert.Regexp(t, `(?m)^::error file=.*bad\.txtar,line=18,title=nothing else is::want: delivered`, out)
	_, out, _ = run(t, "", "test", "-o", "junit", bad)
	assert.Contains(t, out, `tests="4" failures="1"`)
	status, out, _ = run(t, "", "test", "-run", "web", bad)
	assert.Equal(t, 0, status, out)
	assert.Contains(t, out, "1 case, 0 failed")

	fresh := write(t, "fresh.txtar", strings.ReplaceAll(casefile, "\tforwarded, to 10.0.0.9:80, via eth1, by \"web\"\n\tnever reaches INPUT\n", ""))
	bare, err := os.ReadFile(fresh)
	require.NoError(t, err)
	status, _, stderr = run(t, "", "test", "-update", "-run", "nothing else", fresh)
	assert.Equal(t, 0, status, stderr)
	b, err := os.ReadFile(fresh)
	require.NoError(t, err)
	assert.Equal(t, string(bare), string(b), "a case that was not asked for is updated")
	status, _, stderr = run(t, "", "test", "-update", fresh)
	assert.Equal(t, 0, status, stderr)
	b, err = os.ReadFile(fresh)
	require.NoError(t, err)
	assert.Contains(t, string(b), "\tforwarded eth1: tcp 192.0.2.9:40000 > 10.0.0.9:80 syn ttl 63 (filter:FORWARD \"web\")\n")
	status, out, _ = run(t, "", "test", fresh)
	assert.Equal(t, 0, status, out)
	require.NoError(t, os.WriteFile(fresh, bytes.Replace(b, []byte("-A FORWARD -i eth0"), []byte("-A FORWARD -s 9.9.9.9 -j DROP\n-A FORWARD -i eth0"), 1), 0o600))
	status, out, _ = run(t, "", "test", fresh)
	assert.Equal(t, 0, status, "a rule ahead of others changes nothing: "+out)
}

func TestDiff(t *testing.T) {
	const old = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n"
	host := write(t, "host", "link eth0 192.0.2.1/24\n")
	a, b := write(t, "a", old), write(t, "b", strings.Replace(old, "80", "80:81", 1))
	status, out, stderr := run(t, "", "diff", "-node", host, a, b)
	assert.Equal(t, 1, status, stderr)
	assert.Contains(t, out, "> 192.0.2.1:81")
	assert.NotContains(t, out, "> 192.0.2.1:80 ")
	assert.Contains(t, out, "- dropped; decided by filter:INPUT:policy:2 policy DROP")
	status, _, _ = run(t, "", "diff", "-node", host, a, a)
	assert.Equal(t, 0, status)
}

func TestShow(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"IPv4 nat", "PREROUTING  policy ACCEPT", "KUBE-SVC-4N57TFCL4MD7ZTDA"}},
		{[]string{"-o", "dot"}, []string{"digraph rules {", `"IPv4:nat:PREROUTING" -> "IPv4:nat:KUBE-SERVICES"`}},
		{[]string{"-o", "mermaid"}, []string{"flowchart LR", " --> "}},
		{[]string{nodePort}, []string{"● arrives by enp0s3", "filter: 2 rules matched  <- decided", "● leaves by cni0"}},
		{[]string{"-o", "svg", nodePort}, []string{"<svg xmlns=", "taken", "</svg>"}},
		{[]string{"-o", "html", nodePort}, []string{"<!DOCTYPE html>", "<svg", `id="path"`}},
	} {
		status, out, stderr := run(t, "", append(append([]string{"show"}, node...), c.args...)...)
		assert.Equal(t, 0, status, stderr)
		for _, want := range c.want {
			assert.Contains(t, out, want, "%v", c.args)
		}
	}
}

// TestShowOfNftables has chains that a verdict, a map and a block of rules lead to.
func TestShowOfNftables(t *testing.T) {
	rules := write(t, "nft", `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		tcp dport 22 accept comment "admins"
		meta l4proto vmap { tcp : jump web, udp : goto names }
	}
	chain web {
		tcp dport { 80, 443 } accept
	}
	chain names {
		udp dport 53 accept
	}
	chain spare {
		counter packets 5 bytes 300 drop
	}
}
`)
	_, out, stderr := run(t, "", "show", rules)
	assert.Empty(t, stderr)
	assert.Contains(t, out, `inet filter
  input  type filter hook input priority 0, policy drop, 2 rules
    1  tcp dport 22 accept comment "admins"
    2  meta l4proto vmap { tcp : jump web, udp : goto names }
        web
        1  tcp dport { 80, 443 } accept
        names
        1  udp dport 53 accept
  spare  inet filter: no rule leads here
    1  counter drop
`)
	_, out, _ = run(t, "", "show", "-o", "dot", rules)
	assert.Contains(t, out, `"inet:filter:input" -> "inet:filter:names"`)
	_, out, _ = run(t, "", "show", "-json", rules)
	assert.Contains(t, out, `{"family":"inet","table":"filter","chain":"input","policy":"drop","rules":[`)
	assert.Contains(t, out, `"calls":["web","names"]`)
}

// TestAnswersOfNftables has the comment and a code of the rule that decided.
func TestAnswersOfNftables(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24\n")
	rules := write(t, "nft", `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		tcp dport 22 accept comment "admins"
		tcp dport 25 reject comment "no mail here"
		tcp dport 53 drop
	}
}
`)
	for port, want := range map[string][]string{
		"22": {`"because":["the rule's comment says \"admins\""]`, `"reason":"rule-accept"`},
		"25": {`"because":["the rule's comment says \"no mail here\""]`, `"reason":"rule-reject"`},
		"53": {`"reason":"rule-drop"`},
		"80": {`"reason":"policy-drop"`},
	} {
		_, out, stderr := run(t, "", "where", "-json", rules, host, "eth0: tcp 192.0.2.9 > 192.0.2.7:"+port)
		for _, w := range want {
			assert.Contains(t, out, w, stderr)
		}
	}
}

// TestNftablesInJSON reads what nft -j lists. Tables of iptables-nft are read from
// what iptables prints of them, if that is given, too.
func TestNftablesInJSON(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24\n")
	const table = `{"table": {"family": "inet", "name": "filter", "handle": 1}},
 {"chain": {"family": "inet", "table": "filter", "name": "input", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}},
 {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 2, "comment": "admins", "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}, {"accept": null}]}}`
	const compat = `{"table": {"family": "ip", "name": "filter", "handle": 2}},
 {"chain": {"family": "ip", "table": "filter", "name": "INPUT", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "accept"}},
 {"rule": {"family": "ip", "table": "filter", "chain": "INPUT", "handle": 2, "expr": [{"xt": {"type": "match", "name": "recent"}}, {"drop": null}]}}`
	rules := write(t, "json", `{"nftables": [`+table+"]}\n")
	_, out, stderr := run(t, "", "where", "-json", rules, host, "eth0: tcp 192.0.2.9 > 192.0.2.7:22")
	assert.Contains(t, out, `"because":["the rule's comment says \"admins\""]`, stderr)
	rules = write(t, "json", `{"nftables": [`+compat+",\n"+table+"]}\n")
	_, _, stderr = run(t, "", "where", rules, host, "eth0: tcp 192.0.2.9 > 192.0.2.7:22")
	assert.Contains(t, stderr, "give what iptables-save prints, too")
	save := write(t, "save", "# Generated by iptables-nft-save v1.8.9 (nf_tables)\n*filter\n-A INPUT -j ACCEPT\nCOMMIT\n")
	_, out, stderr = run(t, "", "where", "-json", rules, save, host, "eth0: tcp 192.0.2.9 > 192.0.2.7:23")
	assert.Contains(t, out, `"reason":"policy-drop"`, stderr)
	assert.Contains(t, out+stderr, "table ip filter is not read from here")
}

// TestBackendOfSave judges what iptables-nft saved as nf_tables does, where table
// security follows the translation of sources, also beside rules of iptables-legacy.
func TestBackendOfSave(t *testing.T) {
	const security = "*security\n-A INPUT -s 192.0.2.50/32 -j DROP\nCOMMIT\n"
	const nat = "*nat\n-A INPUT -j SNAT --to-source 192.0.2.50\nCOMMIT\n"
	nft := write(t, "nft", "# Generated by iptables-nft-save v1.8.9 (nf_tables)\n"+nat+security)
	args := []string{"where", nft, write(t, "host", "link eth0 192.0.2.7/24\n"), "eth0: udp 192.0.2.9:5 > 192.0.2.7:53"}
	_, out, stderr := run(t, "", args...)
	assert.Contains(t, out, "dropped", stderr)
	legacy := write(t, "legacy", "# Generated by iptables-save v1.8.9\n*filter\n-A INPUT -j ACCEPT\nCOMMIT\n")
	_, out, stderr = run(t, "", append(args, legacy)...)
	assert.Contains(t, out, "dropped", stderr)
}

// TestWhyInvalid says why a packet is INVALID for a rule that drops such packets.
func TestWhyInvalid(t *testing.T) {
	const packet = "eth0: tcp 192.0.2.9:5 > 192.0.2.7:53 syn,fin"
	const why = "its state is INVALID: no segment has this combination of TCP flags"
	_, out, stderr := run(t, "", "where", write(t, "rules", "*filter\n-A INPUT -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n"), write(t, "host", "link eth0 192.0.2.7/24\n"), packet)
	assert.Contains(t, out, why, stderr)
	_, out, stderr = run(t, "", "where", write(t, "nft", "table ip t {\n\tchain c {\n\t\ttype filter hook input priority 0;\n\t\tct state invalid drop\n\t}\n}\n"), write(t, "host", "link eth0 192.0.2.7/24\n"), packet)
	assert.Contains(t, out, why, stderr)
}

// TestBothBackends sends packets through tables of one name of iptables-legacy and
// iptables-nft: what one accepts the other may drop.
func TestBothBackends(t *testing.T) {
	legacy := write(t, "legacy", "# Generated by iptables-save v1.8.9\n*filter\n-A FORWARD -p udp -m udp --dport 53 -j DROP\nCOMMIT\n*nat\nCOMMIT\n")
	nft := write(t, "nft", "# Generated by iptables-nft-save v1.8.9 (nf_tables)\n*filter\n-A FORWARD -p udp -j ACCEPT\nCOMMIT\n*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n")
	const packet = "eth0: udp 192.0.2.9:5 > 198.51.100.7:53"
	warned := write(t, "warned", "# Generated by iptables-nft-save v1.8.9 (nf_tables)\n*filter\nCOMMIT\n# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n")
	_, out, stderr := run(t, "", "where", warned, packet)
	assert.Contains(t, out+stderr, "print them with iptables-legacy-save")
	_, out, stderr = run(t, "", "where", warned, legacy, packet)
	assert.NotContains(t, out+stderr, "print them with iptables-legacy-save", "they were given")
	_, out, stderr = run(t, "", "where", legacy, nft, packet)
	assert.Contains(t, out, "dropped", stderr)
	assert.Contains(t, out+stderr, "the table filter of IPv4 is there twice")
	assert.NotContains(t, out+stderr, "the table nat", "a table without rules changes nothing")
	_, out, stderr = run(t, "", "where", "-explain", nft, legacy, packet)
	assert.Contains(t, out, "filter:FORWARD:rule:1 (nf_tables)  -A FORWARD -p udp -j ACCEPT", stderr)
	assert.Contains(t, out, "filter:FORWARD:rule:1 (legacy)  -A FORWARD -p udp -m udp --dport 53 -j DROP", stderr)
	_, out, stderr = run(t, "", "where", legacy, write(t, "again", "*filter\n-A FORWARD -j DROP\nCOMMIT\n"), packet)
	assert.Contains(t, out+stderr, "give one of them")
}

// TestExplainOfNftables shows the rules that did not match, with the condition that
// failed, ahead of the policy that decided.
func TestExplainOfNftables(t *testing.T) {
	rules := write(t, "nft", "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t\ttcp dport 22 accept\n\t\tudp dport { 67, 68 } accept\n\t}\n}\n")
	args := []string{"where", rules, write(t, "host", "link eth0 192.0.2.7/24\n"), "eth0: udp 192.0.2.9:5 > 192.0.2.7:53"}
	_, out, _ := run(t, "", args...)
	assert.NotContains(t, out, "no:")
	_, out, stderr := run(t, "", append(args, "-explain")...)
	assert.Contains(t, out, `
  inet filter:input:rule:1  no: meta l4proto tcp, but the packet has meta l4proto udp
  inet filter:input:rule:2  no: udp dport { 67, 68 }, but the packet has udp dport 53
`, stderr)
}

// TestRoundtripToTheHost ends with a refusal only where it is known that nobody
// listens.
func TestRoundtripToTheHost(t *testing.T) {
	node := []string{"roundtrip", write(t, "host", "link eth0 192.0.2.7/24\n"), write(t, "rules", "*filter\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n")}
	sockets := write(t, "ss", "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\ntcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*\n")
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"eth0: tcp 192.0.2.9:5 > 192.0.2.7:80"}, 0, `"reason":"answered","passed":true`},
		{[]string{sockets, "eth0: tcp 192.0.2.9:5 > 192.0.2.7:22"}, 0, `"reason":"answered","passed":true`},
		{[]string{sockets, "eth0: tcp 192.0.2.9:5 > 192.0.2.7:80"}, 1, `"reason":"refused","passed":false`},
		{[]string{sockets, "eth0: udp 192.0.2.9:5 > 192.0.2.7:53"}, 1, `"reason":"refused","passed":false`},
		{[]string{sockets, "eth0: icmp 192.0.2.9 > 192.0.2.7 echo-request"}, 0, `"reason":"answered","passed":true`},
	} {
		status, out, stderr := run(t, "", append(append(node, "-json"), c.args...)...)
		assert.Equal(t, c.status, status, "%v: %s", c.args, stderr)
		assert.Contains(t, out, c.want, "%v", c.args)
	}
}

// TestAnswersOfTheHost are told in words, and with the reason where it is known.
func TestAnswersOfTheHost(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24\n")
	rules := write(t, "rules", "*filter\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n")
	nobody := write(t, "ss", "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\ntcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*\n")
	for _, c := range []struct{ packet, want, not string }{
		{"eth0: icmp 192.0.2.9 > 192.0.2.7 echo-request", "the host answers by eth0: icmp 192.0.2.7 > 192.0.2.9 echo-reply\n", "wire"},
		{"eth0: tcp 192.0.2.9:5 > 192.0.2.7:80", "no socket of the host takes it (tcp port 80), and so the host refuses it\n", "uid"},
		{"eth0: tcp 192.0.2.9:5 > 192.0.2.7:22", "delivered to the host", "refuses"},
	} {
		status, out, stderr := run(t, "", "where", rules, host, nobody, c.packet)
		assert.Equal(t, 0, status, stderr)
		assert.Contains(t, out, c.want)
		assert.NotContains(t, out, c.not)
	}
}

// TestNothingToShow and to compare is an error, not an empty answer.
func TestNothingToShow(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24\n")
	nft := func(port string) string {
		return write(t, "nft", "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t\ttcp dport "+port+" accept\n\t}\n}\n")
	}
	a, b := nft("22"), nft("23")
	ssh := write(t, "packets", "eth0: tcp 192.0.2.9 > 192.0.2.7:22\n")
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"show", host}, 2, "there is nothing to show"},
		{[]string{"show", "-table", "nat", a}, 2, "no table of this name"},
		{[]string{"diff", "-node", host, a, b}, 2, "these chains differ: inet filter input"},
		{[]string{"diff", "-node", host, "-packets", ssh, a, b}, 1, "note: no packets are drawn at rules of nftables"},
		{[]string{"diff", "-node", host, a, a}, 0, "0 of 0 packets fare otherwise"},
	} {
		status, out, stderr := run(t, "", c.args...)
		assert.Equal(t, c.status, status, "%v", c.args)
		assert.Contains(t, out+stderr, c.want, "%v", c.args)
	}
}

func TestHelpAndManual(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"help"}, {"where", "-h"}, {"help", "where"}, {"test", "-help"}, {"help", "json"}} {
		status, out, stderr := run(t, "", args...)
		assert.Equal(t, 0, status)
		assert.NotEmpty(t, out, "help is on standard output")
		assert.Empty(t, stderr)
	}
	_, out, _ := run(t, "", "man", "where")
	assert.Contains(t, out, `.TH "PACKETPATH" "1"`)
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		status, out, _ := run(t, "", "completion", shell)
		assert.Equal(t, 0, status)
		assert.NotEmpty(t, out)
	}
}

// TestOptionWords has a packet in iptables' own words, quoted or not, ahead of the
// verb's flags and behind them.
func TestOptionWords(t *testing.T) {
	const packet = "-i enp0s3 -p tcp -s 192.168.199.132 -d 192.168.199.119 --dport 32741"
	for _, args := range [][]string{where(packet), where("-json", packet), where(packet, "-json"), where(strings.Fields(packet)...)} {
		status, out, stderr := run(t, "", args...)
		assert.Equal(t, 0, status, "%v: %s", args, stderr)
		assert.Contains(t, out, "forwarded by cni0 as tcp 192.168.3.1:40000", "%v", args)
	}
}

// TestBadInput says what is wrong in the words of the command line.
func TestBadInput(t *testing.T) {
	closed := write(t, "closed", "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n")
	broken := write(t, "broken", "*filter\n-A INPUT -p tcp --dprt 80\nCOMMIT\n")
	const udp = "eth0: udp 10.0.0.1:1 > 10.0.0.2:2"
	for _, c := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"policy drops", []string{"where", closed, udp}, 1, ""},
		{"words need no quotes", []string{"where", closed, "eth0:", "udp", "10.0.0.1:1", ">", "10.0.0.2:2"}, 1, ""},
		{"no packet", []string{"where", closed}, 2, "no packet is given"},
		{"no files", []string{"where", udp}, 2, "nothing is known of the host"},
		{"no such file", []string{"where", "nosuch.rules", udp}, 2, "packetpath where: nosuch.rules: no such file"},
		{"bad rules name the place", []string{"where", broken, udp}, 2, "broken:2:17"},
		{"bad packet shows the word", []string{"where", closed, "eth0: upd 10.0.0.1:1 > 10.0.0.2:2"}, 2, "^~~"},
		{"unknown flag", []string{"where", "-nosuch"}, 2, "unknown flag"},
		{"unknown verb", []string{"wehre"}, 2, `did you mean "where"?`},
		{"a file is no verb", []string{closed}, 2, "packetpath where"},
		{"no verb's flag", []string{"where", "-color", "red", closed, udp}, 2, "need auto, always or never"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, stderr := run(t, "", c.args...)
			assert.Equal(t, c.status, status, out+stderr)
			assert.Contains(t, stderr, c.want)
		})
	}
}
