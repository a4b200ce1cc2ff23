package live_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// answerHost is where TestOddAnswers plays. Both its links know fd00:7::/64.
func answerHost() kernel.Env {
	return kernel.Env{
		Interfaces: kernel.Interfaces{
			{Name: "up0", Addrs: []string{"192.0.2.1/24", "2001:db8:1::1/64", "fd00:7::1/64"}},
			{Name: "in0", Addrs: []string{"198.51.100.1/24", "2001:db8:2::1/64", "fd00:7::2/64"}},
		},
		Routes: []string{"default dev up0", "::/0 dev up0", "2001:db8:3::/64 dev in0"},
	}
}

// oddRules refuse packets to port 7, to port 6 where they are not tracked, and
// those of the host's own that have mark 7; and they hide who asks port 5 from
// the host itself.
const oddRules = `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
-A PREROUTING -p udp --dport 6 -j CT --notrack
COMMIT
*nat
-A POSTROUTING -o lo -p udp --dport 5 -j MASQUERADE
COMMIT
*filter
-A INPUT -p udp --dport 6:7 -j REJECT
-A OUTPUT ! -p tcp -m mark --mark 7 -j REJECT
-A OUTPUT -p tcp -m mark --mark 7 -j REJECT --reject-with tcp-reset
-A OUTPUT -m conntrack --ctstate UNTRACKED -j DROP
COMMIT
`

// oddAnswers are packets whose answers hang on details, each alone on the host,
// with what the kernel makes of them.
var oddAnswers = []struct{ name, packet, want string }{
	{"unicast in a broadcast frame, closed UDP port", "in0: udp 198.51.100.7:1 > 198.51.100.1:9 dmac ff:ff:ff:ff:ff:ff", "delivered"},
	{"unicast in a broadcast frame, closed TCP port", "in0: tcp 198.51.100.7:1 > 198.51.100.1:9 dmac ff:ff:ff:ff:ff:ff", "delivered"},
	{"unicast in a broadcast frame, protocol", "in0: proto 99 198.51.100.7 > 198.51.100.1 dmac ff:ff:ff:ff:ff:ff", "delivered"},
	{"unicast in a multicast frame, rejected", "in0: udp 198.51.100.7:1 > 198.51.100.1:7 dmac 01:00:5e:00:00:01", "rejected"},
	{"unicast in a multicast frame, IPv6", "in0: udp [2001:db8:2::7]:1 > [2001:db8:2::1]:9 dmac 33:33:00:00:00:01", "delivered"},
	{"echo in a broadcast frame", "in0: icmp 198.51.100.7 > 198.51.100.1 id 5 dmac ff:ff:ff:ff:ff:ff", "delivered, in0: icmp 198.51.100.1 > 198.51.100.7"},
	{"ICMP of the other family", "in0: proto 1 2001:db8:2::7 > 2001:db8:2::1 payload hex:0800f7ff00000000", "delivered, in0: icmp6 2001:db8:2::1 > 2001:db8:2::7"},
	{"ICMPv6 over IPv4", "in0: proto 58 198.51.100.7 > 198.51.100.1 payload hex:80007fff00000000", "delivered, in0: icmp 198.51.100.1 > 198.51.100.7"},
	{"error to a link-local address without a way on its link", "in0: udp [fe80::7]:1 > [2001:db8:2::1]:9", "delivered"},
	{"error to a link-local address with a way on its link", "up0: udp [fe80::7]:1 > [2001:db8:1::1]:9", "delivered, up0: icmp6 2001:db8:1::1 > fe80::7"},
	{"reset to a link-local address without a way on its link", "in0: tcp [fe80::7]:1 > [2001:db8:2::1]:9", "delivered"},
	{"error to a link-local address of nobody's", "proto 99 fe80::7 > 2001:db8:2::1", "delivered"},
	{"reset to ::1 by the link of the address", "tcp [::1]:1 > [2001:db8:1::1]:9", "delivered, up0: tcp 2001:db8:1::1 > ::1"},
	{"reset to ::1, no way on the link of the address", "tcp [::1]:1 > [2001:db8:2::1]:9", "delivered"},
	{"echo to ::1", "icmp6 ::1 > 2001:db8:1::1 id 5", "delivered, lo: icmp6 2001:db8:1::1 > ::1"},
	{"echo to a link-local address of nobody's", "icmp6 fe80::7 > 2001:db8:1::1 id 5", "delivered, up0: icmp6 2001:db8:1::1 > fe80::7"},
	{"reset to a link-local address of nobody's", "tcp [fe80::7]:1 > [2001:db8:1::1]:9", "delivered, up0: tcp 2001:db8:1::1 > fe80::7"},
	{"error to a link-local address by the link of the address", "proto 99 fe80::7 > 2001:db8:1::1", "delivered, up0: icmp6 2001:db8:1::1 > fe80::7"},
	{"rejected OUTPUT, link-local source, way on the link", "udp [fe80::7]:1 > [2001:db8:98::1]:9 mark 7", "rejected, up0: icmp6 2001:db8:1::1 > fe80::7"},
	{"rejected OUTPUT, link-local source, no way on the link", "udp [fe80::7]:1 > [2001:db8:2::9]:9 mark 7", "rejected"},
	{"rejected OUTPUT, wrong UDP sum", "wire 4500001d006b000040117be6c0000207c0000201000300630009ffff00 mark 7", "rejected"},
	{"rejected OUTPUT, wrong UDP sum, IPv6", "wire 6000000000091140fd000007000000000000000000000007fd000007000000000000000000000009000100090009aaaa55 mark 7", "rejected"},
	{"rejected OUTPUT, wrong TCP sum", "wire 45000028006e0000400613e9c0000207c63364070001000900000000000000005002000011110000 mark 7", "rejected"},
	{"rejected OUTPUT, wrong TCP sum, IPv6", "wire 6000000000140640fd000007000000000000000000000007fd0000070000000000000000000000090001000900000000000000005002000011110000 mark 7", "rejected"},
	{"error to the address of a network", "in0: udp [2001:db8:3::]:1 > [2001:db8:2::1]:9", "delivered"},
	{"reset to the address of a network", "in0: tcp [2001:db8:3::]:1 > [2001:db8:2::1]:9", "delivered, in0: tcp 2001:db8:2::1 > 2001:db8:3::"},
	{"error about a packet from a group, on lo", "udp [ff05::7]:1 > [2001:db8:2::1]:9", "malformed"},
	{"to a group of the interface", "udp [2001:db8:1::1]:1 > [ff11::7]:9", "no route"},
	{"to a group of a reserved scope", "udp [2001:db8:1::1]:1 > [ff10::7]:9", "no route"},
	{"rejected OUTPUT, foreign source", "udp [2001:db8:99::7]:1 > [2001:db8:2::7]:9 mark 7", "rejected, up0: icmp6 2001:db8:1::1 > 2001:db8:99::7"},
	{"rejected OUTPUT, the sums are looked at: DCCP", "dccp 203.0.113.7:1 > 198.51.100.7:9 mark 7", "rejected"},
	{"rejected OUTPUT, UDP", "udp 203.0.113.7:1 > 198.51.100.7:9 mark 7", "rejected, up0: icmp 192.0.2.1 > 203.0.113.7"},
	{"reset to a group", "tcp 224.3.4.5:1 > 192.0.2.1:9", "delivered, up0: tcp 192.0.2.1 > 224.3.4.5"},
	{"reset to a group, rejected", "tcp 224.3.4.5:1 > 192.0.2.1:9 mark 7", "rejected, up0: tcp 192.0.2.1 > 224.3.4.5"},
	{"no source", "udp 0.0.0.0:1 > 198.51.100.7:9", "sent"},
	{"no source, for the host", "tcp 0.0.0.0:1 > 198.51.100.1:9", "delivered"},
	{"error about an untracked packet is tracked", "in0: udp 198.51.100.7:1 > 198.51.100.1:6", "rejected, in0: icmp 198.51.100.1 > 198.51.100.7"},
	{"error about untracked discovery is tracked", "in0: icmp6 2001:db8:2::7 > 2001:db8:1::9 type 132 ttl 1", "expired, in0: icmp6 2001:db8:2::1 > 2001:db8:2::7"},
	{"an IPv4 group within an IPv6 address", "in0: udp [2001:db8:2::7]:1 > [::ffff:224.1.2.3]:9", "forwarded"},
	{"from an IPv4 group within an IPv6 address", "in0: udp [::ffff:224.1.2.3]:1 > [2001:db8:2::1]:9", "delivered, up0: icmp6 2001:db8:2::1 > ::ffff:224.1.2.3"},
	{"error to a link-local address that translation brings back", "udp [fe80::7]:1 > [2001:db8:1::1]:5", "delivered"},
	{"a network of two links", "udp [2001:db8:1::1]:1 > [fd00:7::9]:9", "sent"},
}

// answerRules returns the rules for packets of a family.
func answerRules(f netfilter.Family) (rules4, rules6 string) {
	if f == netfilter.IPv6 {
		return "", oddRules
	}
	return oddRules, ""
}

// TestOddAnswers tells what the host itself says to packets.
func TestOddAnswers(t *testing.T) {
	env := answerHost()
	for _, c := range oddAnswers {
		t.Run(c.name, func(t *testing.T) {
			dev, p, err := parser.ParsePacket(c.packet)
			require.NoError(t, err)
			rules4, rules6 := answerRules(p.Family())
			n, err := oracle.Load(oracle.Host(t, env), rules4, rules6)
			require.NoError(t, err)
			var r *simulate.Result
			if dev == "" {
				r = n.Send(p)
			} else {
				r = n.Receive(dev, p)
			}
			require.NoError(t, r.Err)
			got := r.Fate.String()
			for _, a := range r.Answers {
				words := strings.Fields(a.String())
				got += ", " + a.Dev + ": " + words[0] + " " + a.Src().String() + " > " + a.Dst().String()
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestOddAnswersOnKernel compares the same packets with the live kernel.
func TestOddAnswersOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := answerHost()
	k, err := kernel.Open(env)
	require.NoError(t, err)
	defer k.Close()
	for i, c := range oddAnswers {
		t.Run(c.name, func(t *testing.T) {
			dev, p, err := parser.ParsePacket(c.packet)
			require.NoError(t, err)
			q := kernel.Packet{In: dev, Wire: p.Wire(), Mark: p.Mark}
			if p.DstMAC != (packet.MAC{}) {
				q.DstMAC = p.DstMAC[:]
			}
			oracle.SetIdentity(q.Wire, uint32(i)+100)
			rules4, rules6 := answerRules(p.Family())
			require.NoError(t, k.Load(rules4, rules6, ""))
			n, err := oracle.Load(oracle.Host(t, env), rules4, rules6)
			require.NoError(t, err)
			want, err := k.Send(q)
			require.NoError(t, err)
			if d := oracle.Differences(want, oracle.Ask(t, n.NewSession(), env, q)); d != nil {
				t.Errorf("%s\n%s", oracle.Describe(q), strings.Join(d, "\n"))
			}
		})
	}
}
