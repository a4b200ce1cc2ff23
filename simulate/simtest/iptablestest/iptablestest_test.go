package iptablestest_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

func newHost(t *testing.T) *iptablestest.Host {
	t.Helper()
	return iptablestest.New(simtest.Host(t, "link eth0 192.0.2.7/24 2001:db8::7/64; link cni0 10.244.1.1/24"))
}

// TestPackets asks packets of a host whose rules came by commands.
func TestPackets(t *testing.T) {
	h := newHost(t)
	h.Run(t, "iptables", "-t", "nat", "-A", "PREROUTING", "-p", "tcp", "--dport", "80", "-j", "DNAT", "--to-destination", "10.244.1.5:8080")
	h.Run(t, "ipset", "create", "bad", "hash:ip", "timeout", "60")
	h.Run(t, "ipset", "add", "bad", "192.0.2.9")
	h.Run(t, "iptables", "-A", "FORWARD", "-m", "set", "--match-set", "bad", "src", "-j", "DROP")
	h.Feed(t, "*filter\n-A INPUT -p tcp --dport 22 -j DROP\nCOMMIT\n", "ip6tables-restore", "--noflush")

	simtest.Check(t, h.Node(t), "eth0: tcp 192.0.2.9:4000 > 192.0.2.7:80", simtest.Dropped())
	simtest.Check(t, h.Node(t), "eth0: tcp 192.0.2.8:4000 > 192.0.2.7:80", simtest.ForwardedTo("10.244.1.5:8080"))
	simtest.Check(t, h.Node(t), "eth0: tcp [2001:db8::9]:4000 > [2001:db8::7]:22", simtest.Dropped())
	h.Advance(61 * time.Second)
	simtest.Check(t, h.Node(t), "eth0: tcp 192.0.2.9:4000 > 192.0.2.7:80", simtest.ForwardedTo("10.244.1.5:8080"))
}

func TestExec(t *testing.T) {
	h := newHost(t)
	_, stderr, status := h.Exec(t.Context(), "/usr/sbin/ip6tables-legacy", []string{"-N", "web"}, nil)
	assert.Zero(t, status, string(stderr))
	_, stderr, status = h.Exec(t.Context(), "nft", []string{"list", "ruleset"}, nil)
	assert.Equal(t, 127, status)
	assert.Equal(t, "nft: command not found\n", string(stderr))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, status = h.Exec(ctx, "iptables", []string{"-N", "web"}, nil)
	assert.Equal(t, -1, status)
	h.Run(t, "iptables", "-A", "INPUT", "-m", "comment", "--comment", "it's here")
	var said []string
	for _, c := range h.Commands() {
		said = append(said, c.String())
	}
	assert.Equal(t, []string{"ip6tables-legacy -N web", "nft list ruleset: exit status 127: nft: command not found",
		`iptables -A INPUT -m comment --comment 'it'\''s here'`}, said)
}

// goIPTables are the methods of IPTables of github.com/coreos/go-iptables that
// programs take as an interface.
type goIPTables interface {
	Exists(table, chain string, rulespec ...string) (bool, error)
	Insert(table, chain string, pos int, rulespec ...string) error
	Replace(table, chain string, pos int, rulespec ...string) error
	InsertUnique(table, chain string, pos int, rulespec ...string) error
	Append(table, chain string, rulespec ...string) error
	AppendUnique(table, chain string, rulespec ...string) error
	Delete(table, chain string, rulespec ...string) error
	DeleteIfExists(table, chain string, rulespec ...string) error
	DeleteById(table, chain string, id int) error
	ListById(table, chain string, id int) (string, error)
	List(table, chain string) ([]string, error)
	ListWithCounters(table, chain string) ([]string, error)
	ListChains(table string) ([]string, error)
	ChainExists(table, chain string) (bool, error)
	Stats(table, chain string) ([][]string, error)
	NewChain(table, chain string) error
	ClearChain(table, chain string) error
	RenameChain(table, oldChain, newChain string) error
	DeleteChain(table, chain string) error
	ClearAndDeleteChain(table, chain string) error
	ClearAll() error
	DeleteAll() error
	ChangePolicy(table, chain, target string) error
	HasRandomFully() bool
	GetIptablesVersion() (int, int, int)
}

func TestTables(t *testing.T) {
	var ipt goIPTables = newHost(t).Tables(netfilter.IPv4)
	require.NoError(t, ipt.NewChain("filter", "web"))
	err := ipt.NewChain("filter", "web")
	require.EqualError(t, err, `running ["iptables" "-t" "filter" "-N" "web" "--wait"]: exit status 1: iptables: Chain already exists.`+"\n")
	assert.False(t, iptablestest.IsNotFound(err))
	assert.True(t, iptablestest.IsNotFound(ipt.Delete("filter", "web", "-j", "ACCEPT")))

	require.NoError(t, ipt.AppendUnique("filter", "web", "-s", "10.0.0.1", "-j", "ACCEPT"))
	require.NoError(t, ipt.AppendUnique("filter", "web", "-s", "10.0.0.1", "-j", "ACCEPT"))
	require.NoError(t, ipt.InsertUnique("filter", "web", 1, "-p", "tcp", "--dport", "80", "-j", "DROP"))
	require.NoError(t, ipt.Append("filter", "web", "-p", "udp"))
	list, err := ipt.List("filter", "web")
	require.NoError(t, err)
	assert.Equal(t, []string{"-N web", "-A web -p tcp -m tcp --dport 80 -j DROP", "-A web -s 10.0.0.1/32 -j ACCEPT", "-A web -p udp"}, list)
	stats, err := ipt.Stats("filter", "web")
	require.NoError(t, err)
	assert.Equal(t, [][]string{
		{"0", "0", "DROP", "6", "--", "*", "*", "0.0.0.0/0", "0.0.0.0/0", "tcp dpt:80"},
		{"0", "0", "ACCEPT", "0", "--", "*", "*", "10.0.0.1/32", "0.0.0.0/0", ""},
		{"0", "0", "", "17", "--", "*", "*", "0.0.0.0/0", "0.0.0.0/0", ""},
	}, stats)
	there, err := ipt.Exists("filter", "web", "-s", "10.0.0.2", "-j", "ACCEPT")
	require.NoError(t, err)
	assert.False(t, there)
	_, err = ipt.Exists("filter", "web", "--nope")
	assert.ErrorContains(t, err, "exit status 2")

	require.NoError(t, ipt.Replace("filter", "web", 1, "-j", "LOG"))
	one, err := ipt.ListById("filter", "web", 1)
	require.NoError(t, err)
	assert.Equal(t, "-A web -j LOG", one)
	require.NoError(t, ipt.DeleteById("filter", "web", 1))
	require.NoError(t, ipt.DeleteIfExists("filter", "web", "-j", "LOG"))
	require.NoError(t, ipt.RenameChain("filter", "web", "www"))
	chains, err := ipt.ListChains("filter")
	require.NoError(t, err)
	assert.Equal(t, []string{"INPUT", "FORWARD", "OUTPUT", "www"}, chains)
	require.NoError(t, ipt.ClearChain("filter", "www"))
	require.NoError(t, ipt.ClearAndDeleteChain("filter", "www"))
	require.NoError(t, ipt.ClearAndDeleteChain("filter", "www"))
	require.NoError(t, ipt.ChangePolicy("filter", "INPUT", "DROP"))
	counted, err := ipt.ListWithCounters("filter", "INPUT")
	require.NoError(t, err)
	assert.Equal(t, []string{"-P INPUT DROP -c 0 0"}, counted)
	require.NoError(t, ipt.ClearAll())
	require.NoError(t, ipt.DeleteAll())
}

// The types of github.com/coreos/go-iptables that its methods are written by.
type (
	coreosProtocol byte
	coreosStat     struct {
		Packets     uint64     `json:"pkts"`
		Bytes       uint64     `json:"bytes"`
		Target      string     `json:"target"`
		Protocol    string     `json:"prot"`
		Opt         string     `json:"opt"`
		Input       string     `json:"in"`
		Output      string     `json:"out"`
		Source      *net.IPNet `json:"source"`
		Destination *net.IPNet `json:"destination"`
		Options     string     `json:"options"`
	}
)

func TestStructuredTables(t *testing.T) {
	h := newHost(t)
	var ipt interface {
		goIPTables
		Proto() coreosProtocol
		ParseStat(stat []string) (coreosStat, error)
		StructuredStats(table, chain string) ([]coreosStat, error)
	} = iptablestest.StructuredTables[coreosProtocol, coreosStat]{Tables: h.Tables(netfilter.IPv6)}
	assert.Equal(t, coreosProtocol(1), ipt.Proto())
	require.NoError(t, ipt.Append("filter", "INPUT", "-s", "2001:db8::/32", "-p", "tcp", "--dport", "22", "-c", "5", "600", "-j", "DROP"))
	stats, err := ipt.StructuredStats("filter", "INPUT")
	require.NoError(t, err)
	network := func(s string) *net.IPNet {
		_, n, err := net.ParseCIDR(s)
		require.NoError(t, err)
		return n
	}
	want := []coreosStat{{Packets: 5, Bytes: 600, Target: "DROP", Protocol: "6", Opt: "--", Input: "*", Output: "*",
		Source: network("2001:db8::/32"), Destination: network("::/0"), Options: "tcp dpt:22"}}
	assert.Equal(t, want, stats)

	require.NoError(t, ipt.Append("filter", "OUTPUT", "!", "-s", "2001:db8::/32", "-j", "DROP"))
	_, err = ipt.StructuredStats("filter", "OUTPUT")
	assert.ErrorContains(t, err, "invalid CIDR address: !2001:db8::/32")
	_, err = ipt.StructuredStats("filter", "nope")
	assert.True(t, iptablestest.IsNotFound(err))
	_, err = ipt.ParseStat([]string{"1"})
	assert.ErrorContains(t, err, "ten fields")
}

// TestSaveFile has iptables-save write a file.
func TestSaveFile(t *testing.T) {
	h := newHost(t)
	h.Run(t, "iptables", "-P", "INPUT", "DROP")
	want := h.Run(t, "iptables-save")
	file := filepath.Join(t.TempDir(), "rules")
	assert.Empty(t, h.Run(t, "iptables-save", "-f", file))
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
	h.Run(t, "iptables", "-P", "INPUT", "ACCEPT")
	h.Run(t, "iptables-restore", file)
	assert.Equal(t, want, h.Run(t, "iptables-save"))
}

// The types of k8s.io/kubernetes/pkg/util/iptables, by which its interface is
// written.
type (
	kubeTable    string
	kubeChain    string
	kubePosition string
	kubeProtocol string
	kubeFlush    bool
	kubeCounters bool
)

// kubernetesInterface is the interface of that package in Kubernetes 1.37.
type kubernetesInterface interface {
	EnsureChain(table kubeTable, chain kubeChain) (bool, error)
	FlushChain(table kubeTable, chain kubeChain) error
	DeleteChain(table kubeTable, chain kubeChain) error
	ChainExists(table kubeTable, chain kubeChain) (bool, error)
	EnsureRule(position kubePosition, table kubeTable, chain kubeChain, args ...string) (bool, error)
	DeleteRule(table kubeTable, chain kubeChain, args ...string) error
	IsIPv6() bool
	Protocol() kubeProtocol
	SaveInto(table kubeTable, buffer *bytes.Buffer) error
	Restore(table kubeTable, data []byte, flush kubeFlush, counters kubeCounters) error
	RestoreAll(data []byte, flush kubeFlush, counters kubeCounters) error
	Monitor(canary kubeChain, tables []kubeTable, reloadFunc func(), interval time.Duration, stopCh <-chan struct{})
	HasRandomFully() bool
	Present() bool
}

type kubeRunner = iptablestest.Kubernetes[kubeTable, kubeChain, kubePosition, kubeProtocol, kubeFlush, kubeCounters]

func TestKubernetes(t *testing.T) {
	h := newHost(t)
	var ipt kubernetesInterface = kubeRunner{Host: h, Family: netfilter.IPv6, Proto: "IPv6"}
	assert.True(t, ipt.IsIPv6())
	assert.Equal(t, kubeProtocol("IPv6"), ipt.Protocol())
	for _, was := range []bool{false, true} {
		there, err := ipt.EnsureChain("nat", "KUBE-SERVICES")
		require.NoError(t, err)
		assert.Equal(t, was, there)
		there, err = ipt.EnsureRule("-I", "nat", "PREROUTING", "-m", "comment", "--comment", "kubernetes service portals", "-j", "KUBE-SERVICES")
		require.NoError(t, err)
		assert.Equal(t, was, there)
	}
	require.NoError(t, ipt.RestoreAll([]byte("*nat\n:KUBE-SERVICES - [0:0]\n-A KUBE-SERVICES -j RETURN\nCOMMIT\n"), false, true))
	var text bytes.Buffer
	require.NoError(t, ipt.SaveInto("nat", &text))
	assert.Contains(t, text.String(), "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES\n-A KUBE-SERVICES -j RETURN\n")
	require.Error(t, ipt.Restore("nat", []byte("*nat\n-A nope -j RETURN\nCOMMIT\n"), true, false))
	require.NoError(t, ipt.DeleteRule("nat", "PREROUTING", "-m", "comment", "--comment", "kubernetes service portals", "-j", "KUBE-SERVICES"))
	require.NoError(t, ipt.FlushChain("nat", "KUBE-SERVICES"))
	require.NoError(t, ipt.DeleteChain("nat", "KUBE-SERVICES"))
	there, err := ipt.ChainExists("nat", "KUBE-SERVICES")
	require.NoError(t, err)
	assert.False(t, there)

	reloaded, stop := make(chan struct{}), make(chan struct{})
	done := make(chan struct{})
	go func() {
		ipt.Monitor("KUBE-CANARY", []kubeTable{"mangle", "nat"}, func() { close(reloaded) }, time.Millisecond, stop)
		close(done)
	}()
	require.Eventually(t, func() bool { there, _ := ipt.ChainExists("nat", "KUBE-CANARY"); return there }, time.Second, time.Millisecond)
	h.Run(t, "ip6tables", "-t", "nat", "-X", "KUBE-CANARY")
	<-reloaded
	close(stop)
	<-done
}

// TestText writes a host as a case file and reads it again.
func TestText(t *testing.T) {
	const before = "What it is about.\n-- host --\nlink eth0 192.0.2.7/24\n-- packets --\neth0: tcp 192.0.2.9:4000 > 192.0.2.7:22\n"
	h, err := iptablestest.Parse(before)
	require.NoError(t, err)
	h.Run(t, "ipset", "create", "bad", "hash:ip")
	h.Run(t, "ipset", "add", "bad", "192.0.2.9")
	h.Run(t, "iptables", "-t", "nat", "-S")
	h.Run(t, "iptables", "-A", "INPUT", "-m", "set", "--match-set", "bad", "src", "-j", "DROP", "-c", "5", "6")
	text, err := h.AppendText(nil)
	require.NoError(t, err)
	want := "What it is about.\n-- host --\nlink eth0 192.0.2.7/24\ncreate bad hash:ip family inet hashsize 1024 maxelem 65536\nadd bad 192.0.2.9\n" +
		"-- rules --\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n[5:6] -A INPUT -m set --match-set bad src -j DROP\nCOMMIT\n" +
		"*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n" +
		"-- packets --\neth0: tcp 192.0.2.9:4000 > 192.0.2.7:22\n"
	assert.Equal(t, want, string(text))
	again, err := iptablestest.Parse(string(text))
	require.NoError(t, err)
	text, err = again.AppendText(nil)
	require.NoError(t, err)
	assert.Equal(t, want, string(text))
	simtest.Check(t, again.Node(t), "eth0: tcp 192.0.2.9:4000 > 192.0.2.7:22", simtest.Dropped())

	_, err = iptablestest.Parse("-- rules --\n*filter\n-A INPUT -m set --match-set bad src\nCOMMIT\n")
	assert.ErrorContains(t, err, "section rules: 2:")
}
