package simtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

const router = `
sysctl net.ipv4.ip_forward=1
link eth0 192.168.0.5/24
link cni0 10.244.1.1/24
route default via 192.168.0.1
`

const rules = `*nat
:PREROUTING ACCEPT [0:0]
:DNS - [0:0]
-A PREROUTING -d 10.96.0.10/32 -p udp -m comment --comment "dns service" -m udp --dport 53 -j DNS
-A DNS -p udp -m statistic --mode random --probability 0.50000000000 -j DNAT --to-destination 10.244.0.2:53
-A DNS -p udp -j DNAT --to-destination 10.244.0.3:53
-A POSTROUTING -s 10.244.1.0/24 -o eth0 ! -d 10.244.0.0/16 -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "ssh" -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i cni0 -p udp -m udp --dport 53 -j ACCEPT
-A FORWARD -i cni0 -p tcp -m tcp --dport 443 -m mark --mark 0x0 -m comment --comment "web" -j ACCEPT
-A FORWARD -s 10.66.0.0/16 -j REJECT --reject-with icmp-admin-prohibited
COMMIT
`

const dns = "cni0: udp 10.244.1.9:5000 > 10.96.0.10:53"

func TestCasesThatHold(t *testing.T) {
	node := simtest.Load(t, simtest.Host(t, router), rules)
	simtest.Cases{
		{"pod reaches dns", dns, simtest.AnyOf(simtest.ForwardedTo("10.244.0.2:53"), simtest.ForwardedTo("10.244.0.3"))},
		{"one dns as often as the other", dns, simtest.Evenly(simtest.To("10.244.0.2:53"), simtest.To("10.244.0.3:53"))},
		{"half of it", dns, simtest.Chance(0.5, simtest.All(simtest.Forwarded(), simtest.To("10.244.0.2")))},
		{"sometimes", dns, simtest.Sometimes(simtest.ForwardedTo("10.244.0.3:53"))},
		{"dns answers", dns, simtest.Reply(simtest.From("10.96.0.10:53"), simtest.ForwardedTo("10.244.1.9:5000"))},
		{"dns by comment", dns, simtest.All(simtest.Meeting("dns service"), simtest.Missing("web"), simtest.NotMasqueraded())},
		{"the web", "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443",
			simtest.All(simtest.Forwarded(), simtest.Via("eth0"), simtest.Masqueraded(), simtest.From("192.168.0.5:5000"), simtest.By("web"), simtest.Mark(0))},
		{"nothing else of the web", "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:80", simtest.All(simtest.Dropped(), simtest.Blocked(), simtest.By("filter:FORWARD:policy:5"))},
		{"ssh to the node", "eth0: tcp 192.168.0.9:5000 > 192.168.0.5:22", simtest.All(simtest.DeliveredTo("192.168.0.5:22"), simtest.By("ssh"), simtest.Answered("rst"))},
		{"own packets", "udp 192.168.0.5:1 > 9.9.9.9:53", simtest.All(simtest.SentTo("9.9.9.9:53"), simtest.Passed())},
		{"hosts of other networks are told", "cni0: tcp 10.66.1.1:1 > 9.9.9.9:53", simtest.All(simtest.Rejected(), simtest.Answered("type 3 code 13"))},
		{"what you like", dns, simtest.That("ttl 63", func(r *simulate.Result) bool { return r.Packet.TTL() == 63 })},
		{"other fates", "cni0: udp 10.244.1.9:1 > 10.96.0.10:53 ttl 1", simtest.Fate(simulate.Expired)},
	}.Run(t, node)
}

// TestPlay carries a connection on.
func TestPlay(t *testing.T) {
	node := simtest.Load(t, simtest.Host(t, router), rules)
	simtest.Cases{
		{"nobody asked", "eth0: tcp 1.1.1.1:443 > 10.244.1.9:5000 syn,ack", simtest.Dropped()},
		{"a question", "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443", simtest.Forwarded()},
		{"the answer", "eth0: tcp 1.1.1.1:443 > 192.168.0.5:5000 syn,ack ackno 1", simtest.ForwardedTo("10.244.1.9:5000")},
	}.Play(t, node.NewSession())
}

// fake takes the failures of a test that is meant to fail.
type fake struct {
	testing.TB
	said string
}

func (f *fake) Helper()           {}
func (f *fake) Error(args ...any) { f.said += fmt.Sprint(args...) }
func (f *fake) Fatalf(format string, args ...any) {
	f.said += fmt.Sprintf(format, args...)
	panic(f)
}

// said returns what a test says.
func said(test func(tb testing.TB)) string {
	f := &fake{}
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(f) {
				panic(r)
			}
		}()
		test(f)
	}()
	return f.said
}

func TestFailures(t *testing.T) {
	node := simtest.Load(t, simtest.Host(t, router), rules)
	for _, tt := range []struct {
		name, packet string
		want         simtest.Want
		said         string
	}{
		{"a condition that failed", "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:80", simtest.Forwarded(), `
cni0: tcp 10.244.1.9:5000 > 1.1.1.1:80 syn
  want: forwarded
  got:  dropped
  path: dropped; decided by filter:FORWARD:policy:5 policy DROP
    PREROUTING in cni0
      nat:PREROUTING:policy:2  policy ACCEPT
      to eth0 via 192.168.0.1, route 0.0.0.0/0  [ttl 64 → 63]
    FORWARD in cni0 out eth0
      filter:FORWARD:policy:5  policy DROP  <- decided
  nearest rule that did not match: filter:FORWARD:rule:3  -A FORWARD -i cni0 -p tcp -m tcp --dport 443 -m mark --mark 0x0 -m comment --comment web -j ACCEPT
    condition -m tcp --dport 443, but the packet has sport 5000 dport 80 flags syn`},
		{"a coin flip is no fact", dns, simtest.ForwardedTo("10.244.0.2:53"), `
cni0: udp 10.244.1.9:5000 > 10.96.0.10:53
  want: forwarded to 10.244.0.2:53
  got:  to 10.244.0.3:53
  path: forwarded by eth0 as udp 10.244.1.9:5000 > 10.244.0.3:53 ttl 63 (chance 0.5); allowed by filter:FORWARD:rule:2 -A FORWARD -i cni0 -p udp -m udp --dport 53 -j ACCEPT
    PREROUTING in cni0
      nat:PREROUTING:rule:1  -A PREROUTING -d 10.96.0.10/32 -p udp -m comment --comment "dns service" -m udp --dport 53 -j DNS
      nat:DNS:rule:2  -A DNS -p udp -j DNAT --to-destination 10.244.0.3:53  [dst 10.96.0.10 → 10.244.0.3]
      translated from 10.244.1.9:5000 > 10.96.0.10:53 to 10.244.1.9:5000 > 10.244.0.3:53
      to eth0 via 192.168.0.1, route 0.0.0.0/0  [ttl 64 → 63]
    FORWARD in cni0 out eth0
      filter:FORWARD:rule:2  -A FORWARD -i cni0 -p udp -m udp --dport 53 -j ACCEPT  <- decided
    POSTROUTING in cni0 out eth0
      nat:POSTROUTING:policy:2  policy ACCEPT
      leaves by eth0
    probability: 1/2
  nearest rule that did not match: nat:DNS:rule:1  -A DNS -p udp -m statistic --mode random --probability 0.50000000000 -j DNAT --to-destination 10.244.0.2:53
    condition -m statistic --mode random --probability 0.50000000000`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := said(func(tb testing.TB) { simtest.Check(tb, node, tt.packet, tt.want) })
			assert.Equal(t, strings.TrimPrefix(tt.said, "\n"), got)
		})
	}
}

// TestWhatIsSaidInstead holds what each want says of a packet that is otherwise.
func TestWhatIsSaidInstead(t *testing.T) {
	const web = "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443"
	node := simtest.Load(t, simtest.Host(t, router), rules)
	for _, tt := range []struct {
		packet string
		want   simtest.Want
		said   string
	}{
		{web, simtest.Dropped(), "want: dropped\n  got:  forwarded"},
		{web, simtest.Blocked(), "want: not let through\n  got:  forwarded"},
		{web, simtest.To("1.1.1.2"), "want: to 1.1.1.2\n  got:  to 1.1.1.1:443"},
		{web, simtest.To("nowhere"), "got:  \"nowhere\" is neither an address nor address and port"},
		{web, simtest.Via("cni0"), "want: by cni0\n  got:  by eth0"},
		{web, simtest.Mark(5), "want: mark 0x5/0xffffffff\n  got:  mark 0x0"},
		{web, simtest.NotMasqueraded(), "got:  masqueraded as 192.168.0.5"},
		{web, simtest.By("ssh"), "want: decided by ssh\n  got:  decided by filter:FORWARD:rule:3 (\"web\")"},
		{web, simtest.Meeting("ssh"), "want: meeting ssh\n  got:  it did not match"},
		{web, simtest.Missing("web"), "want: missing web\n  got:  it matched"},
		{web, simtest.Answered("rst"), "got:  no answer"},
		{web, simtest.Reply(simtest.Dropped()), "want: with a reply dropped\n  got:  a reply forwarded"},
		{web, simtest.All(simtest.Forwarded(), simtest.Via("cni0")), "want: forwarded, by cni0\n  got:  by eth0"},
		{web, simtest.AnyOf(simtest.Dropped(), simtest.Via("cni0")), "want: dropped or by cni0\n  got:  by eth0"},
		{web, simtest.AnyOf(simtest.Sometimes(simtest.Dropped())), "is about all ways together"},
		{web, simtest.That("odd", func(*simulate.Result) bool { return false }), "want: odd\n  got:  not so"},
		{dns, simtest.Masqueraded(), "got:  from 10.244.1.9, not masqueraded"},
		{dns, simtest.Sometimes(simtest.Dropped()), "want: sometimes dropped\n  got:  never"},
		{dns, simtest.Chance(0.75, simtest.To("10.244.0.2")), "want: to 10.244.0.2 with probability 0.75\n  got:  with probability 0.5"},
		{dns, simtest.Evenly(simtest.To("10.244.0.2")), "got:  to 10.244.0.2 with probability 0.5, not 1"},
		{"cni1: tcp 1.1.1.1:1 > 2.2.2.2:2", simtest.Passed(), "the host has no link \"cni1\""},
		{"tcp 1.1.1.1:1 2.2.2.2:2", simtest.Passed(), "need \">\" between source and destination"},
	} {
		t.Run(tt.want.String(), func(t *testing.T) {
			assert.Contains(t, said(func(tb testing.TB) { simtest.Check(tb, node, tt.packet, tt.want) }), tt.said)
		})
	}
}

func TestWhatCannotBeLoaded(t *testing.T) {
	for _, tt := range []struct{ host, rules, said string }{
		{"link eth0 10.0.0.1", "", `link eth0: "10.0.0.1" is neither an address such as 10.0.0.1/24`},
		{"link", "", "the name of the link is missing"},
		{"link eth0 mtu", "", "mtu needs a value"},
		{"link eth0 mtu big", "", "mtu: "},
		{"links eth0", "", `line 1: unknown word "links"`},
		{"link eth0;route 10.0.0.0/8 over there", "", "unknown word"},
		{"rule nonsense", "", "nonsense"},
		{"sysctl x", "", "need name=value"},
		{"queue many", "", "many"},
		{"create x hash:nothing", "", "hash:nothing"},
		{"", "*filter\n-A INPUT -j NOWHERE\nCOMMIT\n", "rules of IPv4:"},
		{"", "no such file", "reading a ruleset"},
		{"sysctl no.such=1", "", "the kernel would refuse this: host: "},
	} {
		t.Run(tt.host+tt.rules, func(t *testing.T) {
			assert.Contains(t, said(func(tb testing.TB) { simtest.Load(tb, simtest.Host(tb, tt.host), tt.rules) }), tt.said)
		})
	}
	assert.Contains(t, said(func(tb testing.TB) { simtest.Load(tb, host.Host{}, "", "", "") }), "3 rulesets")
	assert.Contains(t, said(func(tb testing.TB) { (&simtest.Live{}).Restore(tb, "*filter\n-A NOWHERE\nCOMMIT\n") }), "would refuse this")
}

// TestHostText reads every kind of line.
func TestHostText(t *testing.T) {
	h := simtest.Host(t, `
# comment
link eth0 192.168.0.5/24 2001:db8::5/64 mtu 1400 group 3 mac 02:00:00:00:00:07 noarp; link tun0 noheader down
route default via 192.168.0.1
rule fwmark 0x1 lookup 100
sysctl net.ipv4.conf.all.rp_filter=1
queue 5
create bad hash:ip
add bad 1.2.3.4
`)
	assert.Len(t, h.Links, 2)
	assert.Equal(t, 1400, h.Links[0].MTU)
	assert.Len(t, h.Links[0].Addrs, 2)
	assert.Len(t, h.Routes, 1)
	assert.Len(t, h.Sets, 1)
	assert.Equal(t, []uint16{5}, h.Queues)
	_, err := simulate.New(h)
	require.NoError(t, err)
}

// TestLiveKeepsWhatIsNotNamed applies text as --noflush does.
func TestLiveKeepsWhatIsNotNamed(t *testing.T) {
	var live simtest.Live
	live.Restore(t, rules)
	before := live.Node(t)
	live.Restore(t, "*filter\n-I FORWARD -i cni0 -j ACCEPT\nCOMMIT\n")
	simtest.Check(t, live.Node(t), "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:80", simtest.Forwarded())
	simtest.Check(t, live.Node(t), dns, simtest.Evenly(simtest.To("10.244.0.2"), simtest.To("10.244.0.3")))
	simtest.Check(t, before, "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:80", simtest.Dropped())
}
