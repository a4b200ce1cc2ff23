package simulate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// nftNode makes a node of rules of nftables, which forwards from eth0 to eth1.
func nftNode(t testing.TB, text string) *simulate.Node {
	t.Helper()
	rs, err := nfttext.Parse(text, nfttext.ReadOptions{})
	require.NoError(t, err)
	n, err := simulate.New(host.MustParse("link eth0 192.0.2.1/24; link eth1 10.0.0.1/8; link eth2 2001:db8::1/64; link eth3 2001:db8:1::1/64"), eval.New(rs))
	require.NoError(t, err)
	return n
}

// TestMissOfNftables says of rules the first expression that broke, and what the packet
// has.
func TestMissOfNftables(t *testing.T) {
	const tcp = "eth0: tcp 192.0.2.9:1 > 10.0.0.2:80 syn"
	for _, tt := range []struct {
		rule, packet, want string
		held, of           int
	}{
		{"tcp dport 443 accept", tcp, "tcp dport 443, but the packet has tcp dport 80", 1, 2},
		{"tcp dport 443 accept", "eth0: udp 192.0.2.9:1 > 10.0.0.2:443", "meta l4proto tcp, but the packet has meta l4proto udp", 0, 2},
		{"ip saddr 10.0.0.0/8 accept", tcp, "ip saddr 10.0.0.0/8, but the packet has ip saddr 192.0.2.9", 1, 2},
		{"ip saddr 192.0.3.0/25 accept", tcp, "ip saddr 192.0.3.0/25, but the packet has ip saddr 192.0.2.9", 1, 2},
		{"ip6 saddr 2001:db8::/64 accept", tcp, "meta nfproto ipv6, but the packet has meta nfproto ipv4", 0, 2},
		{"ip6 saddr 2001:db8:5::/48 accept", "eth2: tcp [2001:db8::9]:1 > [2001:db8:1::2]:80", "ip6 saddr 2001:db8:5::/48, but the packet has ip6 saddr 2001:db8::9", 1, 2},
		{"ip saddr != 192.0.2.9 accept", tcp, "ip saddr != 192.0.2.9, but the packet has ip saddr 192.0.2.9", 1, 2},
		{"iifname \"eth1\" accept", tcp, `iifname "eth1", but the packet has iifname "eth0"`, 0, 1},
		{"iifname \"wg*\" accept", tcp, `iifname "wg*", but the packet has iifname "eth0"`, 0, 1},
		{"iif \"eth1\" accept", tcp, `iif "eth1", but the packet has iif "eth0"`, 0, 1},
		{"tcp dport 1000-2000 accept", tcp, "tcp dport 1000-2000, but the packet has tcp dport 80", 1, 3},
		{"tcp dport 10-20 accept", tcp, "tcp dport 10-20, but the packet has tcp dport 80", 2, 3},
		{"tcp dport { 22, 443 } accept", tcp, "tcp dport { 22, 443 }, but the packet has tcp dport 80", 1, 2},
		{"tcp dport @ports accept", tcp, "tcp dport @ports, but the packet has tcp dport 80", 1, 2},
		{"tcp dport vmap { 22 : accept }", tcp, "tcp dport vmap { 22 : accept }, but the packet has tcp dport 80", 1, 2},
		{"ip saddr . tcp dport { 192.0.2.9 . 22 } accept", tcp, "ip saddr . tcp dport { 192.0.2.9 . 22 }, but the packet has ip saddr . tcp dport 192.0.2.9 . 80", 2, 3},
		{"tcp sport 1 tcp dport 2 accept", tcp, "tcp sport 1 tcp dport 2, but the packet has tcp sport 1 tcp dport 80", 1, 2},
		{"ct state established,related accept", tcp, "ct state established,related, but the packet has ct state new", 0, 1},
		{"ct state vmap { established : accept }", tcp, "ct state vmap { established : accept }, but the packet has ct state new", 0, 1},
		{"ct mark and 0xff == 0x1 accept", tcp, "ct mark & 0x000000ff == 0x00000001, but the packet has ct mark 0x00000000", 0, 1},
		{"meta mark 0x10-0x20 accept", tcp, "meta mark 0x00000010-0x00000020, but the packet has meta mark 0x00000000", 0, 2},
		{"tcp flags & (fin|rst) == fin accept", tcp, "tcp flags fin / fin,rst, but the packet has tcp flags syn", 1, 2},
		{"ip dscp cs1 accept", tcp, "ip dscp cs1, but the packet has ip dscp cs0", 1, 2},
		{"ip ttl < 5 accept", tcp, "ip ttl < 5, but the packet has ip ttl 63", 1, 2},
		{"meta skuid 0 accept", tcp, "meta skuid 0, but the packet has no socket of a process", 0, 1},
		{"tcp option maxseg size 1000 accept", tcp, "tcp option maxseg size 1000, but the packet has no such header or option", 0, 1},
		{"ct helper \"ftp\" accept", tcp, "ct helper \"ftp\", but the packet has a connection without it", 0, 1},
		{"@ih,4000,8 1 accept", tcp, "@ih,4000,8 0x1, but the packet has too few bytes", 0, 1},
		{"limit rate over 1/second accept", tcp, "limit rate over 1/second", 0, 1},
		{"tcp dport 80 counter accept", tcp, "", 0, 2},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			n := nftNode(t, "table inet t {\n set ports { type inet_service; elements = { 22 } }\n chain c {\n type filter hook forward priority 0\n "+tt.rule+"\n}\n}\n")
			visits := 0
			n = n.With(simulate.WithVisits(func(v *simulate.Visit) {
				visits++
				assert.Equal(t, "inet t:c:rule:1", v.Place())
				assert.Equal(t, tt.want, v.Miss().String())
				assert.Equal(t, tt.want == "", v.Matched)
				assert.Equal(t, tt.held, v.Miss().Held)
				assert.Equal(t, tt.of, v.Conditions())
				assert.Nil(t, v.Rule)
				assert.NotEmpty(t, v.Text())
			}))
			dev, p := parsePacket(t, tt.packet)
			require.NoError(t, n.Receive(dev, p).Err)
			assert.Equal(t, 1, visits)
		})
	}
}

const walked = `table ip mangle {
	chain forward {
		type filter hook forward priority mangle
		ip saddr 192.0.2.9 meta mark set 0x1
	}
}
table inet filter {
	chain forward {
		type filter hook forward priority filter; policy drop
		jump web
		meta l4proto tcp jump {
			tcp dport 22 accept
			counter
		}
		udp dport { 53, 443 } accept
	}
	chain web {
		tcp dport 80 accept
	}
	chain old {
		accept
	}
}
`

// TestVisitsOfNftables tells of rules in the order of their evaluation.
func TestVisitsOfNftables(t *testing.T) {
	var got []string
	n := nftNode(t, walked).With(simulate.WithVisits(func(v *simulate.Visit) {
		verdict, sole := v.SoleVerdict()
		line := v.Place() + " " + strings.Split(v.Text(), "\n")[0]
		if sole {
			line += " (" + verdict.String() + ")"
		}
		if !v.Matched {
			line += " no: " + v.Miss().String()
		}
		got = append(got, line)
		assert.Equal(t, netfilter.Forward, v.Hook)
		assert.False(t, v.Translates())
	}))
	n.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:1 > 10.0.0.2:25"))
	assert.Equal(t, []string{
		"ip mangle:forward:rule:1 ip saddr 192.0.2.9 meta mark set 0x00000001",
		"inet filter:forward:rule:1 jump web",
		"inet filter:web:rule:1 tcp dport 80 accept (ACCEPT) no: tcp dport 80, but the packet has tcp dport 25",
		"inet filter:forward:rule:2 meta l4proto tcp jump {",
		"inet filter::rule:1 tcp dport 22 accept (ACCEPT) no: tcp dport 22, but the packet has tcp dport 25",
		"inet filter::rule:2 counter packets 0 bytes 0 (CONTINUE)",
		"inet filter:forward:rule:3 udp dport { 53, 443 } accept (ACCEPT) no: meta l4proto udp, but the packet has meta l4proto tcp",
	}, got)
}

// TestNobodyWatches holds that rules cost no memory that nobody asks for.
func TestNobodyWatches(t *testing.T) {
	rules := "table inet t {\n chain c {\n type filter hook forward priority 0\n" + strings.Repeat("tcp dport 443 accept\n", 100) + "}\n}\n"
	s := nftNode(t, rules).NewSession()
	few := nftNode(t, "table inet t {\n chain c {\n type filter hook forward priority 0\n}\n}\n").NewSession()
	dev, p := parsePacket(t, "eth0: tcp 192.0.2.9:1 > 10.0.0.2:80")
	measure := func(s *simulate.Session) float64 {
		r := s.Receive(dev, p)
		return testing.AllocsPerRun(100, func() { r = s.ReceiveInto(r, dev, p) })
	}
	assert.Equal(t, measure(few), measure(s))
}

// TestCoverageOfNftables prints the ruleset with the counts of its rules.
func TestCoverageOfNftables(t *testing.T) {
	var cov simulate.Coverage
	for range 2 { // rulesets with the same text are counted together
		n := nftNode(t, walked).With(simulate.WithCoverage(&cov))
		n.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:1 > 10.0.0.2:80"))
		n.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:1 > 10.0.0.2:25"))
	}
	assert.Equal(t, `# nftables: 5 of 8 rules matched (matched/reached; ! never matched, !! never reached)
                 table ip mangle {
                 	chain forward {
                 		type filter hook forward priority mangle; policy accept;
        4/4      		ip saddr 192.0.2.9 meta mark set 0x00000001
                 	}
                 }
                 table inet filter {
                 	chain forward {
                 		type filter hook forward priority filter; policy drop;
        4/4      		jump web
        2/2      		meta l4proto tcp jump {
 !      0/2      			tcp dport 22 accept
        2/2      			counter
                 		}
 !      0/2      		udp dport { 53, 443 } accept
                 	}
                 
                 	chain web {
        2/4      		tcp dport 80 accept
                 	}
                 
                 	chain old {
!!      0/0      		accept
                 	}
                 }
`, cov.String())
	assert.InDelta(t, 5.0/8, cov.Ratio(), 1e-9)
	require.NoError(t, cov.Check(0.6))
	assert.EqualError(t, cov.Check(0.7), `62.5% of the rules matched a packet, 70.0% are asked for:
  never matched, reached 2×: inet filter: tcp dport 22 accept
  never matched, reached 2×: inet filter forward: udp dport { 53, 443 } accept
  never reached: inet filter old: accept`)
	b, err := json.Marshal(&cov)
	require.NoError(t, err)
	assert.Contains(t, string(b), `[{"kind":"nftables","rules":[{"table":"ip mangle","chain":"forward","number":1,"rule":"ip saddr 192.0.2.9 meta mark set 0x00000001","reached":4,"matched":4},`)
}

// TestCoverageOfBoth counts rules of iptables and nftables of one host.
func TestCoverageOfBoth(t *testing.T) {
	var cov simulate.Coverage
	rs, err := nfttext.Parse(walked, nfttext.ReadOptions{})
	require.NoError(t, err)
	tables, err := parser.ParseString(partlyCovered)
	require.NoError(t, err)
	n, err := simulate.New(host.Host{}, tables, eval.New(rs))
	require.NoError(t, err)
	n.With(simulate.WithCoverage(&cov)).Receive(parser.MustPacket("eth0: tcp 10.0.0.1:1 > 10.0.0.2:22"))
	var got []string
	for _, r := range cov.Rules() {
		got = append(got, fmt.Sprintf("%s %s %d/%d", r.Table, r.Chain, r.Matched, r.Reached))
	}
	assert.Equal(t, []string{"filter FORWARD 1/1", "filter FORWARD 0/0", "filter OLD 0/0", "ip mangle forward 0/1",
		"inet filter forward 1/1", "inet filter forward 1/1", "inet filter  1/1", "inet filter  0/0", "inet filter forward 0/0",
		"inet filter web 0/1", "inet filter old 0/0"}, got)
}
