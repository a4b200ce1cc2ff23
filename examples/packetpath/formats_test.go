package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The files in testdata/formats are what this machine's tools print of one host,
// as testdata/record.sh recorded them; testdata/node is the bundle of it.
const formats = "testdata/formats/"

// question goes through nat, filter and a set, and route, on the recorded host.
const question = "eth0: tcp 192.0.2.9:5001 > 192.0.2.7:443 syn"

// said is what is compared of answers.
type said struct {
	Answer, Reason string
	Result         struct{ Trace []string }
	Notes          []struct{ Code, Text string }
}

func ask(t *testing.T, args ...string) said {
	t.Helper()
	status, out, stderr := run(t, "", append([]string{"where", "-json"}, args...)...)
	require.NotEqual(t, 2, status, "%v: %s", args, stderr)
	var s said
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	return s
}

func paths(names string) []string {
	var out []string
	for name := range strings.FieldsSeq(names) {
		out = append(out, formats+name)
	}
	return out
}

// TestFormatsOfRules asks the same of the rules in every form that they are had
// in, and of a packet that the set bars.
func TestFormatsOfRules(t *testing.T) {
	host := paths("sets.save addr.json route.json rule.json sysctl.txt")
	for _, q := range []string{question, "eth0: tcp 203.0.113.5:5001 > 10.244.1.5:8443 syn", "cni0: udp 10.244.1.5:5000 > 198.51.100.5:53", "eth0: icmp 192.0.2.9 > 192.0.2.7", "eth0: tcp 192.0.2.9:5001 > 192.0.2.7:80 syn"} {
		want := ask(t, append(append(paths("rules.save"), host...), q)...)
		for _, rules := range []string{"rules.save-c", "rules-nft.save", "rules-nft.save rules-nft.list", "rules-nft.list filter-nft.S nat.S", "rules.xml", "filter.S nat.S", "filter.S-v nat.S", "filter.Lnv nat.Lnv", "filter.Lnvx nat.Lnvx", "filter-nft.Lnv nat.Lnv", "filter-nft.S nat.S"} {
			got := ask(t, append(append(paths(rules), host...), q)...)
			assert.Equal(t, want.Answer, got.Answer, rules)
			assert.Equal(t, filtered(want.Result.Trace), filtered(got.Result.Trace), rules)
		}
	}
}

// filtered leaves out table raw, which holds no rules and was not listed.
func filtered(trace []string) (out []string) {
	for _, l := range trace {
		if !strings.HasPrefix(l, "raw:") && !strings.Contains(l, " ip raw ") {
			out = append(out, l)
		}
	}
	return out
}

// TestFormatsOfHosts asks the same with the host in every form that its parts are
// had in.
func TestFormatsOfHosts(t *testing.T) {
	whole := "rules.save sets.save addr.json route.json route6.json rule.json sysctl.txt"
	want := ask(t, append(paths(whole), question)...)
	for _, c := range []string{"addr.json>addr.txt", "addr.json>addr-d.txt", "route.json>route.txt", "route.json>route-all.txt", "route6.json>route6.txt", "rule.json>rule.txt", "sets.save>sets.list",
		"sysctl.txt>sysctl.txt conntrack.txt", "sysctl.txt>sysctl.txt conntrack-extended.txt", "sysctl.txt>sysctl.txt neigh.txt", "sysctl.txt>sysctl.txt neigh.json",
		"sysctl.txt>sysctl.txt bridge-fdb.txt bridge-link.txt bridge-vlan.txt", "sysctl.txt>sysctl.txt bridge-fdb.json", "sysctl.txt>sysctl.txt xfrm.txt"} {
		from, to, _ := strings.Cut(c, ">")
		got := ask(t, append(paths(strings.Replace(whole, from, to, 1)), question)...)
		assert.Equal(t, want.Answer, got.Answer, c)
		assert.Equal(t, want.Result.Trace, got.Result.Trace, c)
	}
	assert.Equal(t, want.Answer, ask(t, "testdata/node", question).Answer, "the bundle")
	assert.Equal(t, want.Answer, ask(t, "-node", "testdata/node", question).Answer, "the bundle")
}

// TestKnownConnection asks about a packet of a connection that conntrack lists.
func TestKnownConnection(t *testing.T) {
	const data = "eth0: tcp 192.0.2.9:5000 > 192.0.2.7:443 ack"
	for _, conns := range []string{"conntrack.txt", "conntrack-extended.txt"} {
		got := ask(t, append(paths("rules.save sets.save addr.json route.json rule.json "+conns), data)...)
		assert.Contains(t, got.Answer, "forwarded by cni0 as tcp 192.0.2.9:5000 > 10.244.1.5:8443 ack", conns)
		assert.Contains(t, got.Answer, "--ctstate RELATED,ESTABLISHED", conns)
	}
}

// TestIPsecIsSaid has a policy noted that would take the packet.
func TestIPsecIsSaid(t *testing.T) {
	got := ask(t, append(paths("rules.save sets.save addr.json route.json rule.json xfrm.txt"), "cni0: udp 10.244.1.5:5000 > 198.51.100.5:53")...)
	assert.Contains(t, fmt.Sprint(got.Notes), "an IPsec policy (dir out")
}

// TestWrappings takes off what terminals, editors and tickets put around texts,
// notes it, and refuses it with -strict.
func TestWrappings(t *testing.T) {
	rules := read(t, formats+"rules.save")
	listing := read(t, formats+"filter.Lnv")
	host := paths("sets.save addr.json route.json rule.json sysctl.txt")
	want := ask(t, append(append(paths("rules.save"), host...), question)...)
	for name, text := range map[string]string{
		"CRLF":                strings.ReplaceAll(rules, "\n", "\r\n"),
		"byte order mark":     "\xef\xbb\xbf" + rules,
		"UTF-16":              utf16le(rules),
		"leading blanks":      indented(rules),
		"cat -n":              numberedLines(rules),
		"colours":             strings.ReplaceAll(rules, "ACCEPT", "\x1b[01;31m\x1b[KACCEPT\x1b[m\x1b[K"),
		"gzip":                gzipped(t, rules),
		"code fence":          "The rules are\n\n```\n" + rules + "```\nand it does not work.\n",
		"prompt":              "root@node:~# iptables-save\n" + rules + "root@node:~# \n",
		"prompts":             "[root@node ~]# iptables -L -n -v\n" + listing + "[root@node ~]# iptables -t nat -L -n -v\n" + read(t, formats+"nat.Lnv") + "[root@node ~]# exit\n",
		"Defaulted container": "Defaulted container \"node\" out of: node, sidecar\n" + rules,
	} {
		path := write(t, "rules", text)
		got := ask(t, append(append([]string{path}, host...), question)...)
		assert.Equal(t, want.Answer, got.Answer, name)
		var codes []string
		for _, n := range got.Notes {
			codes = append(codes, n.Code)
		}
		assert.Contains(t, codes, "cleaned", name)
		status, _, stderr := run(t, "", append(append([]string{"where", "-strict", path}, host...), question)...)
		assert.Equal(t, 2, status, name)
		assert.Contains(t, stderr, "cleaned", name)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

func utf16le(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func indented(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n    ") + "\n"
}

func numberedLines(s string) string {
	var b strings.Builder
	n := 0
	for l := range strings.Lines(s) {
		n++
		fmt.Fprintf(&b, "%6d\t%s", n, l)
	}
	return b.String()
}

func gzipped(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(s))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

// TestForeignFormats names formats that are not read, and what to run instead.
func TestForeignFormats(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Active Internet connections (only servers)\nProto Recv-Q\n", "looks like the output of netstat, which is not read; run ss -lntup instead"},
		{"Kernel IP routing table\nDestination Gateway\n", "looks like the output of route, which is not read; run ip route show table all instead"},
		{"Status: active\n\nTo Action From\n", "looks like the output of ufw status, which is not read; run iptables-save instead"},
		{"eth0: flags=4163<UP>  mtu 1500\n", "looks like the output of ifconfig, which is not read; run ip addr instead"},
		{"NAME         TYPE        CLUSTER-IP\nkubernetes   ClusterIP\n", "looks like a table of kubectl, which is not read; run kubectl get svc,endpointslices -A -o yaml instead"},
		{"config rule\n\toption name 'x'\n", "looks like the firewall settings of OpenWrt"},
		{"Bridge table: filter\n", "looks like the rules of ebtables"},
		{"Dear colleagues,\n", `begins with "Dear colleagues,", which is none of the formats that are read: iptables-save`},
		{"a\x00b", "holds zero bytes"},
	} {
		path := write(t, "file", c.text)
		status, _, stderr := run(t, "", "where", path, question)
		assert.Equal(t, 2, status)
		assert.Contains(t, stderr, c.want)
		assert.NotContains(t, stderr, "\x00")
	}
}

// TestFilesOfOthers has a directory hold files that only look like those of the host
// in places: they are noted, and refused where they are named.
func TestFilesOfOthers(t *testing.T) {
	const python = "import subprocess\ndef ban(addr):\n    \"\"\"Run\n    iptables -A INPUT -s addr -j DROP\n    \"\"\"\n    subprocess.run([\"iptables\", \"-A\", \"INPUT\"])\n"
	dir := t.TempDir()
	for name, text := range map[string]string{
		"ban.py": python,
		"person": "Name: x\nAge: 3\n",
		"rules":  "*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
		"host":   "link eth0 192.0.2.7/24\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	status, out, stderr := run(t, "", "where", dir, question)
	assert.Equal(t, 1, status, stderr)
	assert.Contains(t, out, "dropped; decided by filter:INPUT:policy:1")
	assert.Contains(t, out, "ban.py: not read: the file names iptables, but cannot be read: ")
	assert.Contains(t, out, "person: not read: the file begins with \"Name: x\", which is none of the formats that are read\n")

	for _, text := range []string{python, "#!/bin/sh\n" + python} {
		status, _, stderr = run(t, "", "where", write(t, "ban", text), question)
		assert.Equal(t, 2, status)
		assert.Contains(t, stderr, "(read as a shell script of iptables commands)")
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ban.py"), []byte("#!/bin/sh\n"+python), 0o600))
	status, _, stderr = run(t, "", "where", dir, question)
	assert.Equal(t, 2, status, "it says that it is a script of the host")
	assert.Contains(t, stderr, "ban.py:3:8: ")
}

// TestScripts runs scripts and histories of iptables commands without running
// anything else.
func TestScripts(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24\n")
	ask := func(script string) (int, string, string) {
		return run(t, "", "where", write(t, "fw.sh", script), host, "eth0: tcp 192.0.2.9 > 192.0.2.7:443")
	}
	status, out, stderr := ask(`#!/bin/sh
IPT=/sbin/iptables
PORTS="22 443"
$IPT -F
$IPT -P INPUT DROP
for p in $PORTS; do
	$IPT -A INPUT -p tcp --dport $p -m comment --comment "port $p" -j ACCEPT
done
$IPT -D INPUT -j NOSUCH 2>/dev/null || true
if ! iptables -C INPUT -i lo -j ACCEPT; then iptables -A INPUT -i lo -j ACCEPT; fi
touch /tmp/packetpath-must-not-exist
`)
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, out, `allowed by filter:INPUT:rule:2 -A INPUT -p tcp -m tcp --dport 443 -m comment --comment "port 443" -j ACCEPT`)
	assert.Contains(t, out, `fw.sh:9: the command fails and is left out: there is no chain and no target "NOSUCH"`)
	assert.NoFileExists(t, "/tmp/packetpath-must-not-exist")

	status, _, stderr = ask("iptables -A INPUT -s $TRUSTED -j ACCEPT\n")
	assert.Equal(t, 2, status)
	assert.Contains(t, stderr, "fw.sh:1:22: the variable $TRUSTED has no value")

	status, out, stderr = ask("  501  iptables -P INPUT DROP\n  502  iptables -I INPUT -p tcp --dport 443 -j ACCEPT\n  503  iptables -L -n\n")
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, out, "each line began with its number")

	status, out, _ = ask("root@fw:~# iptables -P INPUT DROP\nroot@fw:~# iptables -A INPUT -s 192.0.2.0/24 -j ACCEPT\n")
	assert.Equal(t, 0, status)
	assert.Contains(t, out, "allowed by filter:INPUT:rule:1")

	status, out, _ = ask("iptables -P INPUT DROP\niptables -A INPUT -s $(hostname -i) -j ACCEPT\n")
	assert.Equal(t, 1, status)
	assert.Contains(t, out, "hostname is not run")

	status, _, stderr = ask("while :; do :; done\niptables -P INPUT DROP\n")
	assert.Equal(t, 0, status, stderr)
}

// TestNothingIsInvented has facts said that decide and were not given.
func TestNothingIsInvented(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24\nlink eth1 10.0.0.1/24\n")
	rules := write(t, "rules", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{rules, "eth0: tcp 192.0.2.9 > 10.0.0.9:80"}, "no links, addresses and routes were given"},
		{[]string{rules, host, "eth0: tcp 192.0.2.9 > 10.0.0.9:80"}, "net.ipv4.ip_forward is not given"},
		{[]string{rules, host, "eth0: tcp 10.0.0.9 > 192.0.2.7:80"}, "net.ipv4.conf.all.rp_filter is not given"},
		{[]string{rules, host, "tcp 172.16.0.1 > 10.0.0.9:80"}, "its source 172.16.0.1 is no address of the host"},
		{[]string{rules, host, "eth0: tcp 192.0.2.9 > 192.0.2.7:80"}, "nobody is taken to listen"},
		{[]string{rules, host, "eth0: tcp [2001:db8::9] > [2001:db8::7]:80"}, "no rules of IPv6 were given"},
		{[]string{host, "eth0: tcp 192.0.2.9 > 192.0.2.7:80"}, "no rules were given"},
		{[]string{write(t, "empty", "*filter\nCOMMIT\n"), host, "eth0: tcp 192.0.2.9 > 192.0.2.7:80"}, "the tables hold no rules"},
		{[]string{write(t, "typo", "*filter\n-A INPUT -m conntrak --ctstate NEW -j ACCEPT\nCOMMIT\n"), host, "eth0: udp 192.0.2.9 > 192.0.2.7:80"}, "conntrak"},
		{[]string{write(t, "quote", "*filter\n-A INPUT -m comment --comment \"open -j ACCEPT\nCOMMIT\n"), host, "eth0: udp 192.0.2.9 > 192.0.2.7:80"}, "a quote is not closed"},
		{[]string{write(t, "prefix", "*filter\n-A INPUT -j LOG --log-prefix \"a prefix that is far too long to be kept\"\nCOMMIT\n"), host, "eth0: udp 192.0.2.9 > 192.0.2.7:80"}, "is cut"},
		{[]string{rules, host, "eth9: udp 192.0.2.9 > 192.0.2.7:80"}, `no link "eth9"`},
		{[]string{write(t, "nft", "# Table `nat' is incompatible, use 'nft' tool.\n*filter\nCOMMIT\n"), host, "eth0: udp 192.0.2.9 > 192.0.2.7:80"}, "nat"},
	} {
		_, out, stderr := run(t, "", append([]string{"where"}, c.args...)...)
		assert.Contains(t, out+stderr, c.want, "%v", c.args)
	}
}

// TestLineOfTcpdumpWithoutLink has the packet arrive by the link that leads back to
// its source, and says so.
func TestLineOfTcpdumpWithoutLink(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24\nlink eth1 10.0.0.1/24\n")
	rules := write(t, "rules", "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n")
	const syn = "12:00:00.1 IP 192.0.2.9.5000 > 192.0.2.7.22: Flags [S], seq 1, win 64240, length 0"
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"where", syn}, 1, "it is taken to have arrived by eth0, which leads back to its source 192.0.2.9"},
		{[]string{"where", "-link", "eth1", syn}, 1, "martian"},
		{[]string{"show", syn}, 0, "● arrives by eth0"},
		{[]string{"where", "IP 192.0.2.7.5000 > 192.0.2.9.22: Flags [S], seq 1, win 64240, length 0"}, 0, "its source 192.0.2.7 is the host's own"},
		{[]string{"where", "-pcap", capture(t, ours, false, wire(t, tcpWire))}, 1, "the capture does not say by which link the packet arrived"},
	} {
		args := append([]string{c.args[0], rules, host, write(t, "sysctl", "net.ipv4.conf.all.rp_filter = 1\n")}, c.args[1:]...)
		status, out, stderr := run(t, "", args...)
		assert.Equal(t, c.status, status, "%v: %s", c.args, stderr)
		assert.Contains(t, out, c.want, "%v", c.args)
	}
	_, out, _ := run(t, syn+"\n", "talk", rules, host, "-")
	assert.Contains(t, out, "PREROUTING  in eth0")
}

// TestNotForwarding names the address that the packet has when it is routed, and the
// setting that decides, which need not be net.ipv4.ip_forward.
func TestNotForwarding(t *testing.T) {
	host := write(t, "host", "link eth0 192.0.2.7/24 2001:db8::7/64\nlink eth1 10.0.0.1/24\n")
	rules := write(t, "rules", "*nat\n-A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.9:80\nCOMMIT\n")
	for _, c := range []struct{ sysctl, packet, want string }{
		{"net.ipv4.ip_forward = 0\n", "eth0: tcp 192.0.2.9 > 192.0.2.7:8080",
			"10.0.0.9 is no address of the host, and the host does not forward: net.ipv4.ip_forward is 0; net.ipv4.ip_forward=1 would cure it\n"},
		{"net.ipv4.ip_forward = 0\nnet.ipv4.conf.eth0.forwarding = 0\n", "eth0: tcp 192.0.2.9 > 10.0.0.9:80",
			"net.ipv4.conf.eth0.forwarding is 0; net.ipv4.ip_forward=1 would cure it\n"},
		{"net.ipv4.ip_forward = 1\nnet.ipv4.conf.eth0.forwarding = 0\n", "eth0: tcp 192.0.2.9 > 10.0.0.9:80",
			"net.ipv4.conf.eth0.forwarding is 0; net.ipv4.conf.eth0.forwarding=1 would cure it\n"},
		{"net.ipv6.conf.all.forwarding = 0\n", "eth0: tcp 2001:db8::9 > [2001:db8::5]:80",
			"2001:db8::5 is no address of this host, and net.ipv6.conf.all.forwarding does not allow to pass it on\n"},
	} {
		status, out, stderr := run(t, "", "where", rules, host, write(t, "sysctl", c.sysctl), c.packet)
		assert.Equal(t, 1, status, stderr)
		assert.Contains(t, out, c.want, c.sysctl)
	}
}

// TestNamesOfServices has the cluster's names in the answer, and the intent
// checked.
func TestNamesOfServices(t *testing.T) {
	const yaml = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop}
  spec: {clusterIP: 10.96.0.5, ports: [{name: https, port: 443, nodePort: 30443, protocol: TCP}]}
- apiVersion: discovery.k8s.io/v1
  kind: EndpointSlice
  metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
  endpoints: [{addresses: [10.244.1.5], conditions: {ready: true}, targetRef: {kind: Pod, name: web-1, namespace: shop}}]
  ports: [{name: https, port: 8443, protocol: TCP}]
`
	host := write(t, "host", "link eth0 192.0.2.7/24\nlink cni0 10.244.1.1/24\n")
	rules := func(to string) string {
		return write(t, "rules", "*nat\n-A PREROUTING -d 10.96.0.5 -p tcp --dport 443 -j DNAT --to-destination "+to+"\nCOMMIT\n")
	}
	kube := write(t, "kube.yaml", yaml)
	_, out, stderr := run(t, "", "where", rules("10.244.1.5:8443"), host, kube, "eth0: tcp 192.0.2.9 > 10.96.0.5:443")
	assert.Contains(t, out, "10.96.0.5:443 is service shop/web:https", stderr)
	assert.Contains(t, out, "10.244.1.5:8443 is pod shop/web-1")
	assert.NotContains(t, out, "none of them")
	_, out, _ = run(t, "", "where", rules("10.244.1.6:8443"), host, kube, "eth0: tcp 192.0.2.9 > 10.96.0.5:443")
	assert.Contains(t, out, "service shop/web:https has the ready endpoints 10.244.1.5:8443, and 10.244.1.6:8443 is none of them")
}

// TestBundles packs a directory as one text, as "packetpath capture -" prints it.
func TestBundles(t *testing.T) {
	files, err := filepath.Glob("testdata/node/*")
	require.NoError(t, err)
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "-- %s --\n%s", filepath.Base(f), read(t, f))
	}
	status, out, stderr := run(t, b.String(), "where", "-", question)
	assert.Equal(t, 0, status, stderr)
	assert.Contains(t, out, "forwarded by cni0")
}
