package live_test

import (
	"strings"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
)

// TestAnycastAnswers asks for closed ports of the address that all routers of a
// subnet share.
func TestAnycastAnswers(t *testing.T) {
	playOnKernel(t, gen.Env(), "", traceAll, []played{
		{"eth0", "udp [2001:db8:2::7]:1000 > [2001:db8:2::]:53"},
		{"eth0", "udp [2001:db8:2::7]:1001 > [2001:db8:10::]:53"},
		{"cni0", "tcp [2001:db8:10::4]:1000 > [2001:db8:10::]:53"},
		{"cni0", "icmp6 2001:db8:10::4 > 2001:db8:10:: echo-request id 9"},
		{"cni0", "proto 253 2001:db8:10::4 > fd17:: len 9"},
		{"", "udp [2001:db8:10::1]:1002 > [2001:db8:10::]:53"},
		{"", "icmp6 2001:db8:10::1 > 2001:db8:10:: echo-request id 10"},
	})
}

// TestZonedAnswer lets the first packet of a conversation be answered in
// another zone.
func TestZonedAnswer(t *testing.T) {
	const rules = `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
-A PREROUTING -p udp --dport 53 -j CT --zone-reply 5
-A PREROUTING -p udp --dport 54 -j CT --zone-orig 5
-A PREROUTING -p tcp --dport 55 -j CT --zone-reply 5
-A PREROUTING -p udp --sport 56 -j CT --zone 6
COMMIT
*nat
COMMIT
*filter
-A FORWARD -m conntrack --ctstate NEW -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
`
	playOnKernel(t, gen.Env(), rules, "", []played{
		{"cni0", "udp 10.1.0.4:1000 > 203.0.113.9:53"},
		{"eth0", "udp 203.0.113.9:53 > 10.1.0.4:1000"},
		{"eth0", "udp 203.0.113.9:53 > 10.1.0.4:1000"},
		{"cni0", "udp 10.1.0.4:1000 > 203.0.113.9:53"},
		{"cni0", "udp 10.1.0.4:1000 > 203.0.113.9:54"},
		{"eth0", "udp 203.0.113.9:54 > 10.1.0.4:1000"},
		{"eth0", "udp 203.0.113.9:54 > 10.1.0.4:1000"},
		{"cni0", "tcp 10.1.0.4:1000 > 203.0.113.9:55 syn"},
		{"eth0", "tcp 203.0.113.9:55 > 10.1.0.4:1000 syn,ack ackno 1"},
		{"cni0", "udp 10.1.0.4:1000 > 203.0.113.9:56"},
		{"eth0", "udp 203.0.113.9:56 > 10.1.0.4:1000"},
		{"eth0", "udp 203.0.113.9:56 > 10.1.0.4:1000"},
	})
}

// TestHostAnswers lets packets come to the host itself in all the ways that it
// answers with an error or with nothing.
func TestHostAnswers(t *testing.T) {
	env := gen.Env()
	env.Routes = append(env.Routes, "198.18.0.0/16 dev cni0 mtu 700", "2001:db8:18::/48 dev cni0 mtu 1300")
	both := func(more ...played) []played { return more }
	playOnKernel(t, env, traceAll, traceAll, both(
		played{"eth0", "udp 192.0.2.7:1000 > 192.0.2.2:53 len 1400"},
		played{"eth0", "udp 192.0.2.7:1000 > 198.18.0.9:53 len 800 df"},
		played{"eth0", "udp 192.0.2.7:1000 > 198.18.0.9:53 len 800"},
		played{"eth0", "udp [2001:db8:2::7]:1000 > [2001:db8:18::9]:53 len 1400"},
		played{"eth0", "udp 192.0.2.7:1000 > 10.9.0.1:53"},
		played{"eth0", "udp 192.0.2.7:1000 > 10.7.0.1:53"},
		played{"eth0", "udp 192.0.2.7:1000 > 10.8.0.1:53"},
		played{"eth0", "udp 192.0.2.7:1000 > 10.1.0.9:53 ttl 1"},
		played{"eth0", "udp [2001:db8:2::7]:1000 > [2001:db8:10::9]:53 ttl 1"},
		played{"eth0", "udp [2001:db8:2::7]:1000 > [2001:db8:9::9]:53"},
		played{"eth0", "udp [2001:db8:2::7]:1000 > [2001:db8:7::9]:53"},
		played{"eth0", "udp [2001:db8:2::7]:1000 > [2001:db8:8::9]:53"},
		played{"eth0", "proto 253 192.0.2.7 > 192.0.2.2 len 9"},
		played{"eth0", "icmp 192.0.2.7 > 192.0.2.2 type 13 id 8 len 12"},
		played{"eth0", "tcp 192.0.2.7:1000 > 192.0.2.2:80 fin,ack seq 8 ackno 9 len 3"},
		played{"eth0", "tcp [2001:db8:2::7]:1000 > [2001:db8:2::2]:80 syn tos 0x28"},
		played{"", "udp 192.0.2.2:1000 > 198.18.0.9:53 len 800 df"},
		played{"", "udp 192.0.2.2:1000 > 198.18.0.9:53 len 800"},
		played{"", "udp 192.0.2.2:1000 > 203.0.113.9:53 len 1600 df"},
		played{"", "udp 192.0.2.2:1000 > 127.0.0.1:53 len 1600"},
		played{"", "udp [2001:db8:2::2]:1000 > [::1]:53 len 1600"},
	))
}

// TestStaleSum changes the header of IPv6 datagrams that connection tracking has
// summed up: the longer ones find no one, not even to complain.
func TestStaleSum(t *testing.T) {
	const rules = `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
COMMIT
*mangle
-A PREROUTING -p udp --dport 1:99 -j DSCP --set-dscp 19
-A INPUT -p udp --dport 100:199 -j HL --hl-set 9
-A PREROUTING -p tcp -j DSCP --set-dscp 19
COMMIT
*filter
-A INPUT -m conntrack --ctstate NEW
COMMIT
`
	playOnKernel(t, gen.Env(), "", rules, []played{
		{"cni0", "udp [2001:db8:10::4]:1000 > [2001:db8:10::1]:53 len 68"},
		{"cni0", "udp [2001:db8:10::4]:1001 > [2001:db8:10::1]:53 len 69"},
		{"cni0", "udp [2001:db8:10::4]:1002 > [2001:db8:10::1]:153 len 100"},
		{"cni0", "udp [2001:db8:10::4]:1003 > [2001:db8:10::1]:253 len 100"},
		{"cni0", "udp [2001:db8:10::4]:1004 > [2001:db8:10::1]:53 len 100 tos 0x4c"},
		{"cni0", "tcp [2001:db8:10::4]:1005 > [2001:db8:10::1]:53 len 100"},
		{"", "udp [2001:db8:10::1]:1006 > [2001:db8:2::2]:53 len 100"},
	})
}

// TestResetToGroup lets the answer of a connection come in that was translated to
// a group: its RST goes to the group first.
func TestResetToGroup(t *testing.T) {
	const rules = `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
COMMIT
*nat
-A OUTPUT -d GROUP -j DNAT --to-destination SERVER
COMMIT
`
	for _, c := range []struct{ rules4, rules6, out, back string }{
		{strings.NewReplacer("GROUP", "239.1.2.3", "SERVER", "203.0.113.9").Replace(rules), "",
			"tcp 192.0.2.2:613 > 239.1.2.3:53 syn seq 1000", "tcp 203.0.113.9:53 > 192.0.2.2:613 syn,ack seq 5000 ackno 1001"},
		{"", strings.NewReplacer("GROUP", "ff05::5", "SERVER", "2001:db8:11::9").Replace(rules),
			"tcp [fd17::1]:613 > [ff05::5]:53 syn seq 1000", "tcp [2001:db8:11::9]:53 > [fd17::1]:613 syn,ack seq 5000 ackno 1001"},
	} {
		playOnKernel(t, gen.Env(), c.rules4, c.rules6, []played{{"", c.out}, {"eth0", c.back}})
	}
}
