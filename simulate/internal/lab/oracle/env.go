package oracle

import (
	"cmp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Env describes a host to the kernel, as far as IPv4 goes and without bridges,
// whose ports are left out. It returns the links that should have no Ethernet
// header, too: every link of a node is a TAP.
func Env(t testing.TB, h host.Host) (env kernel.Env, bare []string) {
	env.MAC = map[string][2]string{}
	for _, l := range h.Links {
		if l.Loopback || l.Master != "" {
			continue
		}
		i := kernel.Interface{Name: l.Name}
		for _, a := range l.Addrs {
			if a.Prefix.Addr().Is4() {
				i.Addrs = append(i.Addrs, a.Prefix.String())
			}
		}
		env.Interfaces = append(env.Interfaces, i)
		if l.NoHeader {
			bare = append(bare, l.Name)
			continue
		}
		env.MAC[l.Name] = [2]string{l.MAC.String(), "02:ff:00:00:00:01"}
	}
	for _, r := range h.Routes {
		if r.Protocol != "kernel" {
			env.Routes = append(env.Routes, routeCommand(&r))
		}
	}
	require.Equal(t, host.DefaultPolicyRules()[:3], h.Rules, "other rules than a host has by itself")
	env.Sysctl = map[string]string{"net.ipv4.conf.all.send_redirects": "1"} // as hosts have it
	return env, bare
}

// routeCommand returns the route as "ip route add" takes it.
func routeCommand(r *host.Route) string {
	words := []string{cmp.Or(r.Type, "unicast"), r.Dst.String()}
	add := func(word, value string) { words = append(words, word, value) }
	if r.Via.IsValid() {
		add("via", r.Via.String())
	}
	if r.Dev != "" {
		add("dev", r.Dev)
	}
	if r.Scope != "" && r.Scope != "global" {
		add("scope", r.Scope)
	}
	if r.PrefSrc.IsValid() {
		add("src", r.PrefSrc.String())
	}
	if r.Metric != 0 {
		add("metric", strconv.FormatUint(uint64(r.Metric), 10))
	}
	if r.OnLink {
		words = append(words, "onlink")
	}
	return strings.Join(words, " ")
}
