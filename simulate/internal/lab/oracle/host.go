package oracle

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Host describes the node of the oracle.
func Host(t testing.TB, env kernel.Env) host.Host {
	h := host.Host{Sysctl: map[string]string{
		"net.ipv4.conf.all.send_redirects":     "0",
		"net.ipv4.conf.default.send_redirects": "0",
		"net.ipv4.route.redirect_load":         "-1",
		"net.ipv4.route.redirect_silence":      "-1",
	}}
	for k, v := range env.Sysctl {
		h.Sysctl[strings.ReplaceAll(k, "/", ".")] = v
	}
	h.Sockets = []host.Socket{} // nobody listens, nor for TPROXY
	h.Links = append(h.Links, host.Link{Name: "lo"})
	for i, f := range env.Interfaces {
		if f.Name == "lo" {
			continue
		}
		mac := fmt.Sprintf("02:00:00:00:00:%02x", i+1)
		if m, ok := env.MAC[f.Name]; ok {
			mac = m[0]
		}
		l := host.Link{Name: f.Name, Addrs: shown(f.Addrs), NoARP: true}
		var err error
		l.MAC, err = packet.ParseMAC(mac)
		require.NoError(t, err)
		h.Links = append(h.Links, l)
	}
	for _, r := range env.Routes {
		route, err := host.ParseRoute(strings.TrimPrefix(r, "-4 "))
		require.NoError(t, err)
		h.Routes = append(h.Routes, route)
	}
	if len(env.Rules) > 0 {
		h.Rules = host.MustPolicyRules(env.Rules...)
	}
	return h
}

// shown puts addresses in the order of "ip addr", which lists the newest IPv6
// address first.
func shown(added []string) []host.Address {
	var v4, v6 []string
	for _, a := range added {
		if strings.Contains(a, ":") {
			v6 = append(v6, a)
		} else {
			v4 = append(v4, a)
		}
	}
	slices.Reverse(v6)
	return host.MustAddresses(append(v4, v6...)...)
}

// wireMAC returns the address of the neighbour behind a link.
func wireMAC(t testing.TB, env kernel.Env, name string) packet.MAC {
	for i, f := range env.Interfaces {
		if f.Name == name {
			text := fmt.Sprintf("02:ff:00:00:00:%02x", i+1)
			if m, ok := env.MAC[name]; ok {
				text = m[1]
			}
			m, err := packet.ParseMAC(text)
			require.NoError(t, err)
			return m
		}
	}
	return packet.MAC{}
}

// TwoLinks is a host with two links and a default route.
func TwoLinks() kernel.Env {
	return kernel.Env{
		Interfaces: kernel.Interfaces{
			{Name: "eth0", Addrs: []string{"192.0.2.1/24", "2001:db8:2::1/64"}},
			{Name: "eth1", Addrs: []string{"198.51.100.1/24", "2001:db8:100::1/64"}},
		},
		Routes: []string{"default via 192.0.2.254 dev eth0", "default via 2001:db8:2::fe dev eth0"},
	}
}
