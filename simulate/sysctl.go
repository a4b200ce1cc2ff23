package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// sysctls are the settings of a host.
type sysctls struct {
	forward4, forward6 bool
	conf               map[string]fib.Sysctl // by link name, "all" and "default"
	tracking           conntrack.Config
	defaultTTL         uint8
	echoIgnoreAll      [2]bool
	echoBroadcasts     bool // icmp_echo_ignore_broadcasts is 0
	echoIgnoreGroups   bool // IPv6: echo_ignore_multicast
	echoIgnoreAnycast  bool // IPv6
	inboundAddr        bool // icmp_errors_use_inbound_ifaddr
	reflectMark        [2]bool
	bridgeSkips        [2]bool // bridged packets of the family see no rules
	redirects          redirectLimits
}

// confOf returns the settings of a link; those of "default" where it has none.
func (s *sysctls) confOf(name string) fib.Sysctl {
	if c, ok := s.conf[name]; ok || name == "all" {
		return c
	}
	return s.conf["default"]
}

// hostKeys are the settings that are not per link.
var hostKeys = map[string]func(*sysctls, int){
	"net.ipv4.ip_forward":                     func(s *sysctls, v int) { s.forward4 = v != 0 },
	"net.ipv4.ip_default_ttl":                 func(s *sysctls, v int) { s.defaultTTL = uint8(v) },
	"net.ipv4.icmp_echo_ignore_all":           func(s *sysctls, v int) { s.echoIgnoreAll[0] = v != 0 },
	"net.ipv6.icmp.echo_ignore_all":           func(s *sysctls, v int) { s.echoIgnoreAll[1] = v != 0 },
	"net.ipv6.icmp.echo_ignore_multicast":     func(s *sysctls, v int) { s.echoIgnoreGroups = v != 0 },
	"net.ipv6.icmp.echo_ignore_anycast":       func(s *sysctls, v int) { s.echoIgnoreAnycast = v != 0 },
	"net.ipv4.icmp_echo_ignore_broadcasts":    func(s *sysctls, v int) { s.echoBroadcasts = v == 0 },
	"net.ipv4.icmp_errors_use_inbound_ifaddr": func(s *sysctls, v int) { s.inboundAddr = v != 0 },
	"net.ipv4.fwmark_reflect":                 func(s *sysctls, v int) { s.reflectMark[0] = v != 0 },
	"net.ipv6.fwmark_reflect":                 func(s *sysctls, v int) { s.reflectMark[1] = v != 0 },
	"net.bridge.bridge-nf-call-iptables":      func(s *sysctls, v int) { s.bridgeSkips[0] = v == 0 },
	"net.bridge.bridge-nf-call-ip6tables":     func(s *sysctls, v int) { s.bridgeSkips[1] = v == 0 },
	"net.ipv4.route.redirect_load":            func(s *sysctls, v int) { s.redirects.load = v },
	"net.ipv4.route.redirect_number":          func(s *sysctls, v int) { s.redirects.number = v },
	"net.ipv4.route.redirect_silence":         func(s *sysctls, v int) { s.redirects.silence = v },
	// Settings that only bound how much a host says, or that the simulation has
	// no use for, are read and do nothing.
	"net.ipv4.icmp_ratelimit":    func(*sysctls, int) {},
	"net.ipv4.icmp_msgs_per_sec": func(*sysctls, int) {},
	"net.ipv4.icmp_msgs_burst":   func(*sysctls, int) {},
	"net.ipv6.icmp.ratelimit":    func(*sysctls, int) {},
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

func readSysctl(given map[string]string) (sysctls, error) {
	s := sysctls{forward4: true, forward6: true, conf: map[string]fib.Sysctl{}, tracking: conntrack.DefaultConfig(), defaultTTL: 64,
		redirects: redirectLimits{load: 5, number: 9, silence: 5120}}
	for _, key := range slices.SortedFunc(maps.Keys(given), defaultsFirst) {
		v, err := strconv.Atoi(strings.TrimSpace(given[key]))
		if err != nil {
			return s, fmt.Errorf("sysctl %s: value %q is not a number", key, given[key])
		}
		if err := s.set(strings.ReplaceAll(key, "/", "."), v); err != nil {
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

func (s *sysctls) set(key string, v int) error {
	if key == "net.ipv4.ip_default_ttl" && (v < 1 || v > 255) {
		return fmt.Errorf("sysctl %s: value %d is out of range 1-255", key, v)
	}
	if set, ok := hostKeys[key]; ok {
		set(s, v)
		return nil
	}
	if known, err := s.tracking.Set(key, strconv.Itoa(v)); known || err != nil {
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
			s.forward6 = v != 0
		}
		return nil
	}
	if family+"."+leaf == "ipv4.forwarding" && name == "all" {
		s.forward4 = v != 0
		return nil
	}
	set, ok := linkKeys[family+"."+leaf]
	if !ok {
		return fmt.Errorf("sysctl %s: not known here", key)
	}
	c := s.confOf(name)
	set(&c, v)
	s.conf[name] = c
	return nil
}
