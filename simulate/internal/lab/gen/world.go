package gen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Env returns the node on which all cases play: an uplink with two networks,
// a pod bridge, a container bridge, and routes of every type.
func Env() kernel.Env {
	return kernel.Env{
		Interfaces: kernel.Interfaces{
			{Name: "eth0", Addrs: []string{"192.0.2.2/24", "192.0.2.3/24", "198.51.100.1/24", "2001:db8:2::2/64", "2001:db8:2::3/64"}},
			{Name: "cni0", Addrs: []string{"10.1.0.1/24", "2001:db8:10::1/64"}},
			{Name: "docker0", Addrs: []string{"172.17.0.1/16", "fd17::1/64"}},
		},
		Routes: []string{
			"default via 192.0.2.1 dev eth0",
			"10.1.1.0/24 via 192.0.2.11 dev eth0",
			"unreachable 10.9.0.0/16", "prohibit 10.7.0.0/16", "blackhole 10.8.0.0/16", "local 10.6.0.0/24 dev lo",
			"default via 2001:db8:2::1 dev eth0",
			"2001:db8:11::/64 via 2001:db8:2::b dev eth0",
			"unreachable 2001:db8:9::/48", "prohibit 2001:db8:7::/48", "blackhole 2001:db8:8::/48", "local 2001:db8:6::/64 dev lo",
		},
	}
}

// PolicyEnv returns Env with routes chosen by the packet's mark and source.
func PolicyEnv() kernel.Env {
	e := Env()
	e.Rules = []string{
		"fwmark 0x1 lookup 100", "fwmark 0x10/0xf0 lookup 101", "from 10.1.0.5 lookup 101",
		"-6 fwmark 0x1 lookup 100", "-6 fwmark 0x10/0xf0 lookup 101", "from 2001:db8:10::5 lookup 101",
	}
	e.Routes = append(e.Routes,
		"default via 172.17.0.9 dev docker0 table 100", "unreachable default table 101",
		"-4 10.1.1.0/24 via inet6 2001:db8:2::b dev eth0 onlink table 100", "-4 198.51.100.0/24 via inet6 2001:db8:2::b dev eth0 onlink table 100",
		"default via fd17::9 dev docker0 table 100", "unreachable 2000::/3 table 101")
	return e
}

// SelectorEnv returns Env with policy rules of all kinds: by ports, protocol,
// user and type of service, with jumps and suppressors, and with realms.
func SelectorEnv() kernel.Env {
	e := Env()
	for _, six := range []string{"", "-6 "} {
		e.Rules = append(e.Rules,
			six+"pref 10 fwmark 0x2/0x2 goto 32766",
			six+"pref 20 iif cni0 ipproto tcp dport 80 lookup 100",
			six+"pref 30 sport 1000-2000 dport 443 lookup 100",
			six+"pref 31 iif lo ipproto udp dport 53-80 lookup 102",
			six+"pref 40 uidrange 1000-2000 lookup 100",
			six+"pref 41 iif lo ipproto tcp uidrange 0-1 dport 8080 lookup 100",
			six+"pref 50 tos 0x10 lookup 102",
			six+"pref 60 iif eth0 ipproto udp sport 53 prohibit",
			six+"pref 70 not iif docker0 lookup main suppress_prefixlength 0",
			six+"pref 80 iif docker0 lookup main suppress_ifgroup 0",
			six+"pref 90 nop", six+"pref 91 oif cni0 blackhole", six+"pref 92 iif docker0 goto 95", six+"pref 93 ipproto esp unreachable")
	}
	e.Rules = append(e.Rules, "pref 15 from 192.0.2.7 lookup 103 realms 1/2", "pref 95 to 203.0.113.9 iif docker0 lookup 104 realms 4")
	for i, r := range e.Routes {
		if realm, ok := map[string]string{"default via 192.0.2.1 dev eth0": "4", "10.1.1.0/24 via 192.0.2.11 dev eth0": "1/4"}[r]; ok {
			e.Routes[i] += " realms " + realm
		}
	}
	e.Routes = append(e.Routes,
		"default via 172.17.0.9 dev docker0 table 100 realms 1", "unreachable default table 102",
		"10.0.0.0/8 via 172.17.0.8 dev docker0 table 103", "default via 172.17.0.7 dev docker0 table 104", "unreachable 10.1.0.0/24 table 104",
		"default via fd17::9 dev docker0 table 100", "unreachable 2000::/3 table 102")
	return e
}

// world is what rules and packets of one family speak about.
type world struct {
	locals, remotes []string            // addresses of the node, and of others
	behind          map[string][]string // neighbours, by interface
	special         []string            // broadcast, multicast, no route, loopback
	services        []string            // addresses that exist in nat rules only
	nets            []string            // contiguous, and not
}

func worldOf(family int) world {
	if family == 6 {
		return world{
			locals:  []string{"2001:db8:2::2", "2001:db8:2::3", "2001:db8:10::1", "fd17::1", "2001:db8:6::6"},
			remotes: []string{"2001:db8:2::7", "2001:db8:ffff::9", "2001:db8:11::9", "2001:db8:10::4", "2001:db8:10::5", "fd17::2"},
			behind: map[string][]string{
				"eth0":    {"2001:db8:2::7", "2001:db8:ffff::9", "2001:db8:11::9", "2001:db8:ffff::77"},
				"cni0":    {"2001:db8:10::4", "2001:db8:10::5"},
				"docker0": {"fd17::2"},
			},
			special:  []string{"2001:db8:9::1", "2001:db8:7::1", "2001:db8:8::1", "ff05::5", "ff02::1", "::1"},
			services: []string{"2001:db8:96::a", "2001:db8:96::b"},
			nets: []string{"2001:db8:2::/64", "2001:db8:10::/64", "2001:db8::/32", "::/0", "2000::/3", "fd17::/16", "2001:db8:96::a/128",
				"2001:db8:96::/112", "2001:db8:2::2", "2001:db8:0:0::2/ffff:ffff::ffff", "::4/::f", "8000::/1"},
		}
	}
	return world{
		locals:  []string{"192.0.2.2", "192.0.2.3", "198.51.100.1", "10.1.0.1", "172.17.0.1", "10.6.0.6"},
		remotes: []string{"192.0.2.7", "203.0.113.9", "10.1.1.9", "10.1.0.4", "10.1.0.5", "172.17.0.2", "198.51.100.77"},
		behind: map[string][]string{
			"eth0":    {"192.0.2.7", "203.0.113.9", "10.1.1.9", "198.51.100.77"},
			"cni0":    {"10.1.0.4", "10.1.0.5"},
			"docker0": {"172.17.0.2", "172.17.200.3"},
		},
		special:  []string{"10.9.0.1", "10.7.0.1", "10.8.0.1", "224.0.0.5", "239.1.2.3", "10.1.0.255", "255.255.255.255", "127.0.0.1", "0.0.0.0"},
		services: []string{"10.96.0.10", "10.96.0.11"},
		nets: []string{"192.0.2.0/24", "10.1.0.0/24", "10.0.0.0/8", "0.0.0.0/0", "128.0.0.0/1", "172.16.0.0/12", "10.96.0.10/32", "10.96.0.0/16",
			"192.0.2.2", "10.0.0.4/255.0.0.255", "0.0.0.1/0.0.0.1", "203.0.113.9/32", "224.0.0.0/4"},
	}
}

// hosts returns addresses that packets have.
func (w world) hosts() []string { return slices.Concat(w.locals, w.remotes, w.services) }

// net draws a network or a host.
func (r *Rand) net() string {
	if r.Maybe(0.25) {
		return Pick(r, r.hosts()...)
	}
	return Pick(r, r.nets...)
}

func (r *Rand) port() int { return Pick(r, 22, 53, 80, 443, 8080, 30000, 31000, 1024, 65535, 1) }

func (r *Rand) ports() string {
	if r.Maybe(0.6) {
		return strconv.Itoa(r.port())
	}
	return Pick(r, "1024:65535", ":1023", "443:", "53:80", "8080:31000", "2000:2010", "20000:40000", "0:65535", "80:80")
}

// portList draws at most the 15 slots that multiport has; a range takes two.
func (r *Rand) portList() string {
	var list []string
	for slots := r.Between(1, 15); slots > 0; slots-- {
		p := r.port()
		if slots > 1 && p < 65535 && r.Maybe(0.2) {
			list = append(list, fmt.Sprintf("%d:%d", p, r.Between(p+1, 65535)))
			slots--
			continue
		}
		list = append(list, strconv.Itoa(p))
		if r.Maybe(0.4) {
			break
		}
	}
	return strings.Join(list, ",")
}

// transport writes an address, or a range of them, with a port or ports.
func (r *Rand) transport(addr, port string) string {
	if r.Family == 6 && addr != "" {
		addr = "[" + addr + "]"
	}
	return addr + ":" + port
}
