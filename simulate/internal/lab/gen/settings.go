package gen

import (
	"math/rand/v2"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// setting is a setting that a drawn host has turned now and then.
type setting struct {
	name   string
	odds   float64
	values []string
}

var hostSettings = []setting{
	{"net/ipv4/ip_forward", .1, []string{"0"}},
	{"net/ipv4/ip_default_ttl", .3, []string{"1", "2", "99", "255"}},
	{"net/ipv4/icmp_errors_use_inbound_ifaddr", .3, []string{"1"}},
	{"net/ipv4/icmp_echo_ignore_broadcasts", .4, []string{"0"}},
	{"net/ipv4/icmp_echo_ignore_all", .1, []string{"1"}},
	{"net/ipv4/fwmark_reflect", .4, []string{"1"}},
	{"net/ipv6/fwmark_reflect", .4, []string{"1"}},
	{"net/ipv6/conf/all/forwarding", .1, []string{"0"}},
	{"net/ipv6/icmp/echo_ignore_all", .1, []string{"1"}},
	{"net/ipv6/icmp/echo_ignore_multicast", .2, []string{"1"}},
	{"net/ipv6/icmp/echo_ignore_anycast", .2, []string{"1"}},
	{"net/netfilter/nf_conntrack_tcp_loose", .3, []string{"0"}},
	{"net/netfilter/nf_conntrack_checksum", .3, []string{"0"}},
	{"net/netfilter/nf_conntrack_tcp_be_liberal", .3, []string{"1"}},
	{"net/netfilter/nf_conntrack_tcp_ignore_invalid_rst", .3, []string{"1"}},
}

// linkSettings are those of all links and of single ones.
var linkSettings = []setting{
	{"net/ipv4/conf/LINK/rp_filter", .3, []string{"1", "2"}},
	{"net/ipv4/conf/LINK/accept_local", .3, []string{"1"}},
	{"net/ipv4/conf/LINK/route_localnet", .3, []string{"1"}},
	{"net/ipv4/conf/LINK/src_valid_mark", .3, []string{"1"}},
	{"net/ipv4/conf/LINK/bc_forwarding", .4, []string{"1"}},
	{"net/ipv4/conf/LINK/send_redirects", .2, []string{"1"}},
	{"net/ipv6/conf/LINK/use_oif_addrs_only", .1, []string{"1"}},
}

// ownSettings are those that single links have alone, or that would hide the
// others if all had them.
var ownSettings = []setting{
	{"net/ipv4/conf/LINK/forwarding", .15, []string{"0"}},
	{"net/ipv6/conf/LINK/force_forwarding", .1, []string{"1"}},
}

// extraRoutes are routes that a drawn host has now and then.
var extraRoutes = []string{
	"203.0.113.0/24 via 172.17.0.9 dev docker0 tos 0x10", "203.0.113.9 dev cni0 scope link", "203.0.113.77 via 192.0.2.11 dev eth0 onlink src 198.51.100.1",
	"throw 198.51.100.64/26", "local 203.0.113.9 dev eth0", "broadcast 192.0.2.7 dev eth0", "prohibit 172.17.200.0/24", "unreachable 10.96.0.0/24 metric 5",
	"10.96.0.0/24 via 172.17.0.9 dev docker0 metric 9", "blackhole 198.51.100.77",
	"2001:db8:ffff::9 dev cni0", "2001:db8:ffff::77 via 2001:db8:2::b dev eth0 src 2001:db8:2::3", "throw 2001:db8:96::/64", "local 2001:db8:ffff::9 dev lo",
	"prohibit 2001:db8:2::7", "2001:db8:96::/64 via fd17::9 dev docker0 metric 9", "unreachable 2001:db8:96::/64 metric 2000", "anycast 2001:db8:2::7 dev eth0",
}

// DrawEnv draws a host: one of Env, PolicyEnv and SelectorEnv with settings
// turned, narrow routes, and more of them.
func DrawEnv(seed uint64) kernel.Env {
	r := rand.New(rand.NewPCG(seed, 0))
	env := []func() kernel.Env{Env, PolicyEnv, SelectorEnv}[r.IntN(3)]()
	env.Sysctl = map[string]string{}
	turn := func(settings []setting, link string) {
		for _, s := range settings {
			if r.Float64() < s.odds {
				env.Sysctl[strings.Replace(s.name, "LINK", link, 1)] = s.values[r.IntN(len(s.values))]
			}
		}
	}
	turn(hostSettings, "")
	turn(linkSettings, "all")
	for _, i := range env.Interfaces {
		turn(linkSettings, i.Name)
		turn(ownSettings, i.Name)
	}
	for _, route := range extraRoutes {
		if r.Float64() < .12 {
			env.Routes = append(env.Routes, route)
		}
	}
	for i, route := range env.Routes {
		if !strings.Contains(route, " via ") || r.Float64() > .2 {
			continue
		}
		if strings.Contains(route, ":") {
			env.Routes[i] += []string{" mtu 1280", " mtu 1300", " mtu lock 1300"}[r.IntN(3)]
		} else {
			env.Routes[i] += []string{" mtu 68", " mtu 80", " mtu lock 100"}[r.IntN(3)]
		}
	}
	return env
}
