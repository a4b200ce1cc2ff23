// Package sysctl reads the settings of a host.
package sysctl

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// Settings are the settings of a host.
type Settings struct {
	Forward4, Forward6  bool
	Conf                map[string]fib.Sysctl // by link name, "all" and "default"
	Tracking            conntrack.Config
	DefaultTTL          uint8
	EchoIgnoreAll       [2]bool
	EchoBroadcasts      bool // icmp_echo_ignore_broadcasts is 0
	EchoIgnoreMulticast bool // IPv6: echo_ignore_multicast
	EchoIgnoreAnycast   bool // IPv6
	ErrorsFromInbound   bool // icmp_errors_use_inbound_ifaddr
	ReflectMark         [2]bool
	BridgeSkipsRules    [2]bool // bridged packets of the family see no rules
	Redirects           RedirectLimits
}

// RedirectLimits are net.ipv4.route.redirect_*: an IPv4 neighbour is told so
// often in a row, each time after twice the pause, and again after a silence.
// The times are in ticks of the kernel's clock.
type RedirectLimits struct{ Load, Number, Silence int }

// Link returns the settings of the link of this name, of "all" or of "default";
// those of "default" where it has none of its own.
func (s *Settings) Link(name string) fib.Sysctl {
	if c, ok := s.Conf[name]; ok || name == "all" {
		return c
	}
	return s.Conf["default"]
}

// hostKeys are the settings that are not per link.
var hostKeys = map[string]func(*Settings, int){
	"net.ipv4.ip_forward":                     func(s *Settings, v int) { s.Forward4 = v != 0 },
	"net.ipv4.ip_default_ttl":                 func(s *Settings, v int) { s.DefaultTTL = uint8(v) },
	"net.ipv4.icmp_echo_ignore_all":           func(s *Settings, v int) { s.EchoIgnoreAll[0] = v != 0 },
	"net.ipv6.icmp.echo_ignore_all":           func(s *Settings, v int) { s.EchoIgnoreAll[1] = v != 0 },
	"net.ipv6.icmp.echo_ignore_multicast":     func(s *Settings, v int) { s.EchoIgnoreMulticast = v != 0 },
	"net.ipv6.icmp.echo_ignore_anycast":       func(s *Settings, v int) { s.EchoIgnoreAnycast = v != 0 },
	"net.ipv4.icmp_echo_ignore_broadcasts":    func(s *Settings, v int) { s.EchoBroadcasts = v == 0 },
	"net.ipv4.icmp_errors_use_inbound_ifaddr": func(s *Settings, v int) { s.ErrorsFromInbound = v != 0 },
	"net.ipv4.fwmark_reflect":                 func(s *Settings, v int) { s.ReflectMark[0] = v != 0 },
	"net.ipv6.fwmark_reflect":                 func(s *Settings, v int) { s.ReflectMark[1] = v != 0 },
	"net.bridge.bridge-nf-call-iptables":      func(s *Settings, v int) { s.BridgeSkipsRules[0] = v == 0 },
	"net.bridge.bridge-nf-call-ip6tables":     func(s *Settings, v int) { s.BridgeSkipsRules[1] = v == 0 },
	"net.ipv4.route.redirect_load":            func(s *Settings, v int) { s.Redirects.Load = v },
	"net.ipv4.route.redirect_number":          func(s *Settings, v int) { s.Redirects.Number = v },
	"net.ipv4.route.redirect_silence":         func(s *Settings, v int) { s.Redirects.Silence = v },
	// Settings that only bound how much a host says, or that the simulation has
	// no use for, are read and do nothing.
	"net.ipv4.icmp_ratelimit":    func(*Settings, int) {},
	"net.ipv4.icmp_msgs_per_sec": func(*Settings, int) {},
	"net.ipv4.icmp_msgs_burst":   func(*Settings, int) {},
	"net.ipv6.icmp.ratelimit":    func(*Settings, int) {},
}

// linkKeys are the settings of net.ipv4.conf.NAME and net.ipv6.conf.NAME.
var linkKeys = map[string]func(*fib.Sysctl, int){
	"ipv4.rp_filter":                   func(c *fib.Sysctl, v int) { c.RPFilter = uint8(v) },
	"ipv4.accept_local":                func(c *fib.Sysctl, v int) { c.AcceptLocal = v != 0 },
	"ipv4.route_localnet":              func(c *fib.Sysctl, v int) { c.RouteLocalnet = v != 0 },
	"ipv4.src_valid_mark":              func(c *fib.Sysctl, v int) { c.SrcValidMark = v != 0 },
	"ipv4.bc_forwarding":               func(c *fib.Sysctl, v int) { c.BCForwarding = v != 0 },
	"ipv4.send_redirects":              func(c *fib.Sysctl, v int) { c.NoSendRedirects = v == 0 },
	"ipv4.ignore_routes_with_linkdown": func(c *fib.Sysctl, v int) { c.IgnoreLinkdown = v != 0 },
	"ipv4.forwarding":                  func(c *fib.Sysctl, v int) { c.Forwarding4 = toggle(v) },
	"ipv6.ignore_routes_with_linkdown": func(c *fib.Sysctl, v int) { c.IgnoreLinkdown = v != 0 },
	"ipv6.disable_ipv6":                func(c *fib.Sysctl, v int) { c.DisableIPv6 = v != 0 },
	"ipv6.force_forwarding":            func(c *fib.Sysctl, v int) { c.ForceForwarding6 = v != 0 },
	"ipv6.use_tempaddr":                func(c *fib.Sysctl, v int) { c.UseTempAddr = uint8(v) },
	"ipv6.use_oif_addrs_only":          func(c *fib.Sysctl, v int) { c.UseOIFAddrsOnly = v != 0 },
}

func toggle(v int) fib.Toggle {
	if v != 0 {
		return fib.On
	}
	return fib.Off
}

// Read reads settings by their names, with dots or slashes. Those not given have
// the kernel's defaults, but hosts forward.
func Read(given map[string]string) (Settings, error) {
	s := Settings{Forward4: true, Forward6: true, Conf: map[string]fib.Sysctl{}, Tracking: conntrack.DefaultConfig(), DefaultTTL: 64,
		Redirects: RedirectLimits{Load: 5, Number: 9, Silence: 5120}}
	dotted := make(map[string]string, len(given))
	for key, value := range given {
		dotted[strings.ReplaceAll(key, "/", ".")] = value
	}
	for _, key := range slices.SortedFunc(maps.Keys(dotted), defaultsFirst) {
		v, err := strconv.Atoi(strings.TrimSpace(dotted[key]))
		if err != nil {
			return s, fmt.Errorf("sysctl %s: value %q is not a number", key, dotted[key])
		}
		if err := s.set(key, v); err != nil {
			return s, err
		}
	}
	return s, nil
}

// defaultsFirst orders names so that links begin with what "default" says.
func defaultsFirst(a, b string) int {
	da, db := strings.Contains(a, ".default."), strings.Contains(b, ".default.")
	switch {
	case da && !db:
		return -1
	case db && !da:
		return 1
	}
	return strings.Compare(a, b)
}

func (s *Settings) set(key string, v int) error {
	if key == "net.ipv4.ip_default_ttl" && (v < 1 || v > 255) {
		return fmt.Errorf("sysctl %s: value %d is out of range 1-255", key, v)
	}
	if set, ok := hostKeys[key]; ok {
		set(s, v)
		return nil
	}
	if known, err := s.Tracking.Set(key, strconv.Itoa(v)); known || err != nil {
		return err
	}
	family, rest, _ := strings.Cut(strings.TrimPrefix(key, "net."), ".conf.")
	dot := strings.LastIndexByte(rest, '.')
	if dot < 0 {
		return fmt.Errorf("sysctl %s: not known here", key)
	}
	name, leaf := rest[:dot], rest[dot+1:]
	if family+"."+leaf == "ipv6.forwarding" {
		if name == "all" {
			s.Forward6 = v != 0
		}
		return nil
	}
	if family+"."+leaf == "ipv4.forwarding" && name == "all" {
		s.Forward4 = v != 0
		return nil
	}
	set, ok := linkKeys[family+"."+leaf]
	if !ok {
		return fmt.Errorf("sysctl %s: not known here", key)
	}
	c := s.Link(name)
	set(&c, v)
	s.Conf[name] = c
	return nil
}
