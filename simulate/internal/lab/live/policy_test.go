package live_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// markRules route packets to port 9 again after OUTPUT.
const markRules = `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
COMMIT
*mangle
-A OUTPUT -p udp -m udp --dport 9 -j MARK --set-mark 0x8
-A OUTPUT -p udp -m udp --dport 443 -j MARK --set-mark 0x8
COMMIT
`

// TestPolicyOnKernel asks what policy rules make of users, ports and protocols:
// of packets that a raw socket sends, which tells neither ports nor protocol, of
// the same packets routed again after OUTPUT, when the kernel looks into them but
// over IPv4 no longer knows their user, and of packets that arrive.
func TestPolicyOnKernel(t *testing.T) {
	playOnKernel(t, gen.SelectorEnv(), markRules, markRules, policyPackets)
}

// policyPackets meet the rules of SelectorEnv.
var policyPackets = []played{
	{"", "udp 192.0.2.2:1500 > 203.0.113.9:7 uid 1500"},
	{"", "udp 192.0.2.2:1500 > 203.0.113.9:9 uid 1500"},
	{"", "udp 192.0.2.2:1500 > 203.0.113.9:443"},
	{"", "udp 192.0.2.2:1500 > 203.0.113.9:443 uid 1500"},
	{"", "udp 192.0.2.2:999 > 203.0.113.9:443 uid 1500"},
	{"", "udp 192.0.2.2:999 > 203.0.113.9:60"},
	{"", "esp 192.0.2.2 > 203.0.113.9"},
	{"", "udp [2001:db8:2::2]:1500 > [2001:db8:ffff::9]:7 uid 1500"},
	{"", "udp [2001:db8:2::2]:1500 > [2001:db8:ffff::9]:9 uid 1500"},
	{"", "udp [2001:db8:2::2]:1500 > [2001:db8:ffff::9]:443"},
	{"", "udp [2001:db8:2::2]:999 > [2001:db8:ffff::9]:60"},
	{"cni0", "tcp 10.1.0.4:5 > 203.0.113.9:80 syn"},
	{"cni0", "tcp 10.1.0.4:5 > 203.0.113.9:81 syn"},
	{"cni0", "udp 10.1.0.4:5 > 203.0.113.9:80"},
	{"cni0", "udp 10.1.0.4:1000 > 203.0.113.9:443"},
	{"cni0", "udp 10.1.0.4:1000 > 203.0.113.9:443 frag 0+"},
	{"cni0", "esp 10.1.0.4 > 203.0.113.9"},
	{"eth0", "udp 192.0.2.7:53 > 10.1.0.4:600"},
	{"docker0", "udp 172.17.0.2:53 > 10.1.0.4:600"},
	{"docker0", "udp 172.17.0.2:53 > 203.0.113.9:600"},
	{"cni0", "tcp [2001:db8:10::4]:5 > [2001:db8:ffff::9]:80 syn"},
	{"cni0", "tcp [2001:db8:10::4]:5 > [2001:db8:ffff::9]:81 syn"},
	{"eth0", "udp [2001:db8:2::7]:53 > [2001:db8:10::4]:600"},
	{"eth0", "icmp 192.0.2.7 > 192.0.2.2 echo-request id 3"},
}

// TestHostOfDump reads the host from what ip prints, with and without -json, and
// sends it the same packets.
func TestHostOfDump(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := gen.SelectorEnv()
	env.Routes = append(env.Routes, dumpedRoutes...)
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	read := func(options ...string) host.Host {
		var texts []io.Reader
		for _, what := range []string{"addr", "route show table all", "-6 route show table all", "rule", "-6 rule"} {
			out, err := node.Run(slices.Concat([]string{"ip"}, options, strings.Fields(what))...)
			require.NoError(t, err)
			texts = append(texts, strings.NewReader(out))
		}
		h, err := host.Read(texts...)
		require.NoError(t, err)
		return h
	}
	text := read()
	for _, options := range [][]string{{"-json"}, {"-details", "-N"}, {"-json", "-details", "-N"}} {
		other := read(options...)
		if slices.Contains(options, "-json") {
			for i := range other.Routes {
				other.Routes[i].MTULock = text.Routes[i].MTULock // is not in the JSON
			}
		}
		if slices.Contains(options, "-details") {
			sameDetails(&other, &text)
		}
		assert.Empty(t, cmp.Diff(text, other), "%v", options)
	}
	text.Sysctl = oracle.Host(t, env).Sysctl
	w := comparison{env: env, node: node, host: text}
	w.play(t, markRules, markRules, append(policyPackets,
		played{"cni0", "udp 10.1.0.4:5 > 10.20.0.1:6"}, played{"cni0", "udp 10.1.0.4:5 > 10.21.0.1:6"},
		played{"cni0", "udp 10.1.0.4:5 > 10.22.0.1:6 tos 0x10"}, played{"", "udp 10.1.0.1:5 > 10.23.0.1:6"},
		played{"cni0", "udp 10.1.0.4:5 > 10.24.0.1:6"}, played{"cni0", "udp [2001:db8:10::4]:5 > [2001:db8:20::1]:6"},
		played{"cni0", "udp [2001:db8:10::5]:5 > [2001:db8:20::1]:6"}, played{"cni0", "udp [2001:db8:10::4]:5 > [2001:db8:21::1]:6"}))
}

// dumpedRoutes have attributes that dumps show.
var dumpedRoutes = []string{
	"10.20.0.0/16 via 192.0.2.20 dev eth0 realms 3/5 metric 5 src 192.0.2.3 mtu lock 1400 advmss 1360 window 5000 rtt 300 rttvar 20ms cwnd 4 initcwnd 10 initrwnd 10 ssthresh 5 reordering 3 rto_min 30ms features ecn quickack 1 congctl reno proto 77",
	"-4 10.21.0.0/16 via inet6 fe80::5 dev eth0", "10.22.0.0/16 tos 0x10 dev docker0 scope link", "unreachable 10.22.0.0/16 metric 9",
	"10.23.0.0/16 dev eth0 scope global", "throw 10.24.0.0/16 metric 4", "broadcast 10.25.0.255 dev eth0", "multicast 239.9.0.0/16 dev eth0",
	"10.26.0.0/16 nexthop via 192.0.2.20 dev eth0 weight 3 realms 6 nexthop dev docker0 realms 7",
	"2001:db8:20::/48 from 2001:db8:10::4 via 2001:db8:2::20 dev eth0 metric 7 pref high", "unreachable 2001:db8:20::/48",
	"2001:db8:21::/48 via 2001:db8:2::21 dev eth0 mtu lock 1300 pref low proto ra",
	"2001:db8:22::/48 nexthop via 2001:db8:2::22 dev eth0 weight 3 nexthop via fd17::22 dev docker0",
}

// sameDetails leaves out of the details what is the default for routes and the
// maker of rules, which are not shown without.
func sameDetails(details, plain *host.Host) {
	for i := range details.Routes {
		d, p := &details.Routes[i], plain.Routes[i]
		if d.Type == "unicast" && p.Type == "" {
			d.Type = ""
		}
		if p.Table == 0 && d.Table == 254 {
			d.Table = 0
		}
		if p.Protocol == "" {
			d.Protocol = ""
		}
	}
}
