package simulate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// statefulRouter lets only answers in, and hides the network behind eth1.
const statefulRouter = `*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i eth1 -j ACCEPT
COMMIT
`

// router is a host between a network and the rest of the world.
func router() host.Host {
	return host.Host{
		Links: []host.Link{
			{Name: "eth0", Addrs: host.MustAddresses("192.0.2.2/24", "2001:db8:2::2/64")},
			{Name: "eth1", Addrs: host.MustAddresses("10.0.0.1/24", "2001:db8:10::1/64")},
		},
		Routes: host.MustRoutes("default via 192.0.2.1 dev eth0", "default via 2001:db8:2::1 dev eth0"),
	}
}

func rules(t testing.TB, text string, opts ...parser.Option) *netfilter.Ruleset {
	t.Helper()
	rs, err := parser.ParseString(text, opts...)
	require.NoError(t, err)
	return rs
}

func session(t testing.TB, h host.Host, text string, opts ...parser.Option) *simulate.Session {
	t.Helper()
	n, err := simulate.New(h, rules(t, text, opts...))
	require.NoError(t, err)
	return n.NewSession()
}

func packetFrom(t testing.TB, text string) netfilter.Packet {
	t.Helper()
	_, p, err := parser.ParsePacket(text)
	require.NoError(t, err)
	return p
}

// list returns the connections of a session as text.
func list(s *simulate.Session) []string {
	var out []string
	for c := range s.Conns() {
		out = append(out, c.String())
	}
	return out
}

// TestReplyConverses lets conversations of all protocols run by answers alone;
// the router, which lets only answers in, must know each of them.
func TestReplyConverses(t *testing.T) {
	for _, c := range []struct {
		opening string
		back    string   // the answer as it reaches the client
		conn    string   // the entry afterwards
		more    []string // what the client says next
	}{
		{
			opening: "tcp 10.0.0.5:4000 > 203.0.113.9:80 syn seq 7",
			back:    "tcp 203.0.113.9:80 > 10.0.0.5:4000 syn,ack seq 1000000000 ackno 8 ttl 63 df",
			more:    []string{"tcp 10.0.0.5:4000 > 203.0.113.9:80 ack seq 8 ackno 1000000001", "tcp 10.0.0.5:4000 > 203.0.113.9:80 psh,ack seq 8 ackno 1000000001 len 10"},
			conn:    "tcp      6 431999 ESTABLISHED src=10.0.0.5 dst=203.0.113.9 sport=4000 dport=80 src=203.0.113.9 dst=192.0.2.2 sport=80 dport=4000 [ASSURED] mark=0 use=1",
		},
		{
			opening: `udp 10.0.0.5:4000 > 203.0.113.9:53 payload "who"`,
			back:    `udp 203.0.113.9:53 > 10.0.0.5:4000 ttl 63 payload "who"`,
			conn:    "udp      17 29 src=10.0.0.5 dst=203.0.113.9 sport=4000 dport=53 src=203.0.113.9 dst=192.0.2.2 sport=53 dport=4000 mark=0 use=1",
		},
		{
			opening: "icmp 10.0.0.5 > 203.0.113.9 echo-request id 77",
			back:    "icmp 203.0.113.9 > 10.0.0.5 echo-reply id 77 ttl 63",
			conn:    "icmp     1 29 src=10.0.0.5 dst=203.0.113.9 type=8 code=0 id=77 src=203.0.113.9 dst=192.0.2.2 type=0 code=0 id=77 mark=0 use=1",
		},
	} {
		t.Run(c.opening, func(t *testing.T) {
			s := session(t, router(), statefulRouter)
			r := s.Receive("eth1", packetFrom(t, c.opening))
			require.Equal(t, simulate.Forwarded, r.Fate, "%+v", r)
			back := s.Receive(r.OutDev, r.Reply())
			require.Equal(t, simulate.Forwarded, back.Fate, "%+v", back)
			assert.Equal(t, c.back, back.Packet.String())
			for _, m := range c.more {
				r = s.Receive("eth1", packetFrom(t, m))
				require.Equal(t, simulate.Forwarded, r.Fate, "%+v", r)
				if back := r.Reply(); back.IsValid() {
					require.Equal(t, simulate.Forwarded, s.Receive(r.OutDev, back).Fate)
				}
			}
			s.Advance(time.Second)
			assert.Equal(t, []string{c.conn}, list(s))
		})
	}
}

// TestReply says what is answered, and what is not.
func TestReply(t *testing.T) {
	for _, c := range []struct{ packet, reply string }{
		{"tcp 10.0.0.5:4000 > 203.0.113.9:80 ack seq 8 ackno 90", "no packet"},
		{"tcp 10.0.0.5:4000 > 203.0.113.9:80 ack seq 8 ackno 90 len 5", "tcp 203.0.113.9:80 > 10.0.0.5:4000 ack seq 90 ackno 13 df"},
		{"tcp 10.0.0.5:4000 > 203.0.113.9:80 fin,ack seq 8 ackno 90", "tcp 203.0.113.9:80 > 10.0.0.5:4000 fin,ack seq 90 ackno 9 df"},
		{"tcp 10.0.0.5:4000 > 203.0.113.9:80 syn,ack seq 8 ackno 90", "tcp 203.0.113.9:80 > 10.0.0.5:4000 ack seq 90 ackno 9 df"},
		{"tcp 10.0.0.5:4000 > 203.0.113.9:80 rst seq 8", "no packet"},
		{"tcp 10.0.0.5:4000 > 203.0.113.9:80 syn tcpopt hex:0204051d0402080a0000000900000000", "tcp 203.0.113.9:80 > 10.0.0.5:4000 syn,ack seq 1000000000 ackno 1 tcpopt hex:0204051d0402080a0000000900000009 df"},
		{"icmp 10.0.0.5 > 203.0.113.9 type 3 code 1", "no packet"},
		{"icmp6 2001:db8:10::5 > 2001:db8::9 echo-request id 4 seq 2", "icmp6 2001:db8::9 > 2001:db8:10::5 echo-reply id 4 seq 2"},
		{"udp 10.0.0.5:4000 > 203.0.113.9:53 frag 0+ len 40", "no packet"},
		{"proto 50 10.0.0.5 > 203.0.113.9 len 8", "no packet"},
	} {
		n, err := simulate.New(router())
		require.NoError(t, err)
		r := n.Receive("eth1", packetFrom(t, c.packet))
		require.Equal(t, simulate.Forwarded, r.Fate, "%+v", r)
		assert.Equal(t, c.reply, r.Reply().String(), c.packet)
	}
}

// TestReload replaces rules below open connections.
func TestReload(t *testing.T) {
	s := session(t, router(), statefulRouter)
	open := packetFrom(t, "tcp 10.0.0.5:4000 > 203.0.113.9:80 syn")
	r := s.Receive("eth1", open)
	require.NoError(t, s.Reload(rules(t, "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n")))
	assert.Len(t, list(s), 1)
	assert.Equal(t, simulate.Forwarded, s.Receive("eth0", r.Reply()).Fate, "the old flow goes on, translated back")
	other := packetFrom(t, "tcp 10.0.0.5:4001 > 203.0.113.9:80 syn")
	assert.Equal(t, simulate.Dropped, s.Receive("eth1", other).Fate, "no new flow opens")

	before := s.Receive("eth1", other).Fate
	require.Error(t, s.Reload(rules(t, "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m set --match-set missing src -j ACCEPT\nCOMMIT\n")))
	assert.Equal(t, before, s.Receive("eth1", other).Fate, "a refused ruleset changes nothing")
}

// TestReloadKeepsBackend reloads rules of iptables-nft, which do not match a packet that
// ends before its ports, where those of iptables drop it. The ruleset lacks a table that was
// there, and its other fields hold as well.
func TestReloadKeepsBackend(t *testing.T) {
	rs := rules(t, "*filter\n-A FORWARD -p tcp -m tcp --dport 80 -j REJECT\nCOMMIT\n*mangle\nCOMMIT\n")
	rs.Backend = netfilter.NFTables
	node, err := simulate.New(router(), rs)
	require.NoError(t, err)
	s := node.NewSession()
	p := packetFrom(t, "wire 4500001600010000400634d30a000005cb0071090007")
	assert.Equal(t, simulate.Forwarded, s.Receive("eth1", p).Fate)
	fewer := *rs
	fewer.Tables, fewer.Notes = rs.Tables[:1], []string{"a note"}
	require.NoError(t, s.Reload(&fewer))
	r := s.Receive("eth1", p)
	assert.Equal(t, simulate.Forwarded, r.Fate)
	assert.Contains(t, r.Assumptions, simulate.Assumption{Fact: "a note"})
	assert.Len(t, s.Ruleset(netfilter.IPv4).Tables, 2)
}

// TestReloadOfOneBackend holds that loading rules of one backend keeps the state of the
// rules of the other.
func TestReloadOfOneBackend(t *testing.T) {
	const text = "*filter\n-A FORWARD -p udp -m quota --quota 60 -j MARK --set-xmark %s/%s\nCOMMIT\n"
	legacy := rules(t, strings.ReplaceAll(text, "%s", "0x1"))
	nft := rules(t, strings.ReplaceAll(text, "%s", "0x2"), parser.Backend(netfilter.NFTables))
	node, err := simulate.New(router(), legacy, nft)
	require.NoError(t, err)
	s := node.NewSession()
	mark := func() uint32 {
		r := s.Receive("eth1", packetFrom(t, "udp 10.0.0.5:1 > 203.0.113.9:2 payload 0123456789"))
		return r.Packet.Mark
	}
	assert.EqualValues(t, 3, mark())
	assert.Zero(t, mark(), "both quotas are used up")
	require.NoError(t, s.Reload(legacy))
	assert.EqualValues(t, 1, mark(), "that of iptables-legacy is new, that of iptables-nft is kept")
	require.NoError(t, s.Reload(nft, legacy))
	assert.EqualValues(t, 3, mark())
	assert.Len(t, s.Rulesets(), 2)
	assert.Equal(t, netfilter.Legacy, s.Ruleset(netfilter.IPv4).Backend)
}

// TestReloadMemories tells what rules forget when they are loaded again.
func TestReloadMemories(t *testing.T) {
	text := `*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -m limit --limit 1/hour --limit-burst 1 -j ACCEPT
-A FORWARD -m recent --name seen --rcheck -j DROP
-A FORWARD -m recent --name seen --set -j ACCEPT
COMMIT
`
	s := session(t, router(), text)
	p := packetFrom(t, "udp 10.0.0.5:4000 > 203.0.113.9:53")
	place := func() string { return s.Receive("eth1", p).By.Place() }
	assert.Equal(t, "filter:FORWARD:rule:1", place())
	assert.Equal(t, "filter:FORWARD:rule:3", place())
	assert.Equal(t, "filter:FORWARD:rule:2", place())
	require.NoError(t, s.Reload(rules(t, text)))
	assert.Equal(t, "filter:FORWARD:rule:1", place(), "the bucket is full again")
	assert.Equal(t, "filter:FORWARD:rule:2", place(), "the list is not empty")
	require.NoError(t, s.Reload(rules(t, "*filter\nCOMMIT\n")))
	require.NoError(t, s.Reload(rules(t, text)))
	assert.Equal(t, "filter:FORWARD:rule:1", place())
	assert.Equal(t, "filter:FORWARD:rule:3", place(), "the list went with the last rule that named it")
}

// TestLoadConns reads what conntrack -L printed.
func TestLoadConns(t *testing.T) {
	lines := []string{
		"tcp      6 431999 ESTABLISHED src=10.0.0.5 dst=203.0.113.9 sport=4000 dport=80 src=203.0.113.9 dst=192.0.2.2 sport=80 dport=4000 [ASSURED] mark=7 use=1",
		"udp      17 29 src=10.0.0.5 dst=203.0.113.9 sport=4000 dport=53 packets=1 bytes=60 [UNREPLIED] src=203.0.113.9 dst=192.0.2.2 sport=53 dport=4000 packets=0 bytes=0 mark=0 zone=3 use=1",
		"icmpv6   58 29 src=2001:db8:10::5 dst=2001:db8::9 type=128 code=0 id=4 src=2001:db8::9 dst=2001:db8:10::5 type=129 code=0 id=4 mark=0 use=1",
		"gre      47 29 src=10.0.0.5 dst=203.0.113.9 srckey=0x0 dstkey=0x7 [UNREPLIED] src=203.0.113.9 dst=10.0.0.5 srckey=0x7 dstkey=0x0 mark=0 use=1",
		"sctp     132 209 ESTABLISHED src=10.0.0.5 dst=203.0.113.9 sport=1 dport=2 src=203.0.113.9 dst=10.0.0.5 sport=2 dport=1 [ASSURED] mark=0 helper=x use=1",
		"unknown  253 599 src=10.0.0.5 dst=203.0.113.9 [UNREPLIED] src=203.0.113.9 dst=10.0.0.5 mark=0 use=1",
		"udp      17 29 src=10.0.0.6 dst=203.0.113.9 sport=1 dport=53 zone-orig=9 [UNREPLIED] src=203.0.113.9 dst=10.0.0.6 sport=53 dport=1 mark=0 use=1",
	}
	s := session(t, router(), statefulRouter)
	text := strings.Join(lines, "\n") + "\nconntrack v1.4.7 (conntrack-tools): 7 flow entries have been shown.\n"
	require.NoError(t, s.LoadConns("table.txt", strings.NewReader(text)))
	assert.Equal(t, lines, list(s))

	back := s.Receive("eth0", packetFrom(t, "tcp 203.0.113.9:80 > 192.0.2.2:4000 ack seq 5 ackno 9"))
	assert.Equal(t, "tcp 203.0.113.9:80 > 10.0.0.5:4000 ack seq 5 ackno 9 ttl 63", back.Packet.String(), "the entry's translation holds")

	s.Advance(31 * time.Second)
	assert.Len(t, list(s), 3, "what was about to expire has")
}

// TestLoadConnsErrors names the line and what is wrong with it.
func TestLoadConnsErrors(t *testing.T) {
	const good = "udp      17 29 src=10.0.0.5 dst=10.0.0.9 sport=1 dport=53 src=10.0.0.9 dst=10.0.0.5 sport=53 dport=1 mark=0 use=1"
	for _, c := range []struct{ line, want string }{
		{"udp", `t:2: too short: need protocol, number and seconds left`},
		{"udp 6 29 src=1.1.1.1", `t:2: protocol 6 is "tcp", not "udp"`},
		{strings.Replace(good, "dport=53", "dport=70000", 1), `t:2: "dport=70000": 70000 is too large`},
		{strings.Replace(good, "use=1", "colour=red", 1), `t:2: "colour=red": unknown word`},
		{strings.Replace(good, "udp      17 29", "tcp 6 29 OPEN", 1), `t:2: tcp has no state "OPEN"`},
		{strings.Split(good, " src=10.0.0.9")[0], `t:2: need src= and dst=, of one family, for each of two directions`},
		{good, `t:2: the session has a connection with these addresses and ports`},
	} {
		s := session(t, router(), statefulRouter)
		assert.EqualError(t, s.LoadConns("t", strings.NewReader(good+"\n"+c.line+"\n")), c.want)
		assert.Empty(t, list(s), "nothing is taken of a text with a fault")
	}
	s := session(t, router(), statefulRouter)
	assert.ErrorContains(t, s.LoadConns("t", strings.NewReader(good+"\n"+strings.Repeat("udp ", 30000)+"\n")), `t:2: protocol number "udp"`)
}

// TestExpect lets a foreseen connection in.
func TestExpect(t *testing.T) {
	s := session(t, router(), statefulRouter)
	s.Receive("eth1", packetFrom(t, "tcp 10.0.0.5:4000 > 203.0.113.9:21 syn"))
	data := packetFrom(t, "tcp 203.0.113.9:20 > 192.0.2.2:5000 syn")
	conns := slices.Collect(s.Conns())
	require.Len(t, conns, 1)
	x := simulate.Expectation{Proto: packet.ProtoTCP, Src: data.Src(), Dst: data.Dst(), DstPort: 5000, Timeout: time.Minute}
	require.True(t, s.Expect(conns[0].Tuples[netfilter.DirOriginal], x))
	other := s.Clone()
	other.Advance(2 * time.Minute)
	assert.NotContains(t, other.Receive("eth0", data).String(), "RELATED")
	s.Receive("eth0", data)
	for c := range s.Conns() {
		if c.Tuples[netfilter.DirOriginal].Src == data.Src() {
			assert.NotNil(t, c.Master)
		}
	}
	assert.False(t, s.Expect(netfilter.Tuple{}, x))
}

// TestCloneNamesOnly copies a session whose rules share a name and remember
// nothing under it.
func TestCloneNamesOnly(t *testing.T) {
	s := session(t, router(), "*filter\n-A FORWARD -j IDLETIMER --timeout 5 --label foo\n-A FORWARD -j IDLETIMER --timeout 6 --label foo\nCOMMIT\n")
	p := packetFrom(t, "udp 10.0.0.5:1 > 203.0.113.9:2")
	assert.Equal(t, s.Receive("eth1", p).Fate, s.Clone().Receive("eth1", p).Fate)
}
