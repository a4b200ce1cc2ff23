package host

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ReadSysctl takes settings from what "sysctl -a" prints, or from a file such as
// /etc/sysctl.conf: those that matter to the simulation and are not of a link that
// the host lacks, so that links are to be read first. It returns how many settings
// it left out. On error nothing has changed.
func (h *Host) ReadSysctl(text io.Reader) (left int, err error) {
	if text == nil {
		return 0, errors.New("the reader is nil")
	}
	kept := map[string]string{}
	lines := bufio.NewReader(text)
	for n := 1; err == nil; n++ {
		var line string
		line, err = lines.ReadString('\n')
		if err != nil && err != io.EOF {
			return 0, err
		}
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' || strings.HasPrefix(line, "sysctl: ") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "-"), "=")
		if !ok {
			return 0, fmt.Errorf("line %d: %q is no setting: need name = value", n, line)
		}
		name = sysctlName(strings.TrimSpace(name))
		if !SysctlMatters(name) || !h.hasLinkOf(name) {
			left++
			continue
		}
		kept[name] = strings.TrimSpace(value)
	}
	if h.Sysctl == nil {
		h.Sysctl = map[string]string{}
	}
	for name, value := range kept {
		h.Sysctl[name] = value
	}
	return left, nil
}

// sysctlName returns a name with dots between its parts. Where slashes stand
// between them, a dot is part of one, and the other way round (procps,
// slashdot in sysctl.c): "net.ipv4.conf.eth0/100.rp_filter" is about eth0.100.
func sysctlName(name string) string { return strings.ReplaceAll(name, "/", ".") }

// SysctlMatters reports whether the simulation knows a setting: whether a host may
// have it. Settings of links are known for links of any name.
func SysctlMatters(name string) bool {
	if slices.Contains(hostSysctls, name) {
		return true
	}
	if short, ok := strings.CutPrefix(name, "net.netfilter.nf_conntrack_"); ok {
		return slices.Contains(conntrackSysctls, short)
	}
	family, _, leaf := linkSysctl(name)
	return slices.Contains(linkSysctls, family+"."+leaf)
}

// linkSysctl splits "net.ipv4.conf.eth0.100.rp_filter" into "ipv4", "eth0.100" and
// "rp_filter".
func linkSysctl(name string) (family, link, leaf string) {
	family, rest, ok := strings.Cut(strings.TrimPrefix(name, "net."), ".conf.")
	dot := strings.LastIndexByte(rest, '.')
	if !ok || dot < 0 {
		return "", "", ""
	}
	return family, rest[:dot], rest[dot+1:]
}

// hasLinkOf reports whether the host has the link that a setting is about, if it is
// about one.
func (h *Host) hasLinkOf(name string) bool {
	_, link, _ := linkSysctl(name)
	return link == "" || link == "all" || link == "default" || link == "lo" ||
		slices.ContainsFunc(h.Links, func(l Link) bool { return l.Name == link })
}

// hostSysctls are the settings of the whole host that are known.
var hostSysctls = []string{
	"net.ipv4.ip_forward", "net.ipv4.ip_default_ttl", "net.ipv4.icmp_echo_ignore_all", "net.ipv6.icmp.echo_ignore_all",
	"net.ipv6.icmp.echo_ignore_multicast", "net.ipv6.icmp.echo_ignore_anycast", "net.ipv4.icmp_echo_ignore_broadcasts",
	"net.ipv4.icmp_errors_use_inbound_ifaddr", "net.ipv4.fwmark_reflect", "net.ipv6.fwmark_reflect",
	"net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables",
	"net.ipv4.route.redirect_load", "net.ipv4.route.redirect_number", "net.ipv4.route.redirect_silence",
	"net.ipv4.icmp_ratelimit", "net.ipv4.icmp_msgs_per_sec", "net.ipv4.icmp_msgs_burst", "net.ipv6.icmp.ratelimit",
}

// linkSysctls are those of links, by family.
var linkSysctls = []string{
	"ipv4.rp_filter", "ipv4.accept_local", "ipv4.route_localnet", "ipv4.src_valid_mark", "ipv4.bc_forwarding", "ipv4.send_redirects",
	"ipv4.ignore_routes_with_linkdown", "ipv4.forwarding", "ipv6.forwarding", "ipv6.ignore_routes_with_linkdown", "ipv6.disable_ipv6",
	"ipv6.force_forwarding", "ipv6.use_tempaddr", "ipv6.use_oif_addrs_only",
}

// conntrackSysctls are those of net.netfilter.nf_conntrack_*.
var conntrackSysctls = []string{
	"acct", "checksum", "tcp_loose", "tcp_be_liberal", "tcp_ignore_invalid_rst", "tcp_max_retrans", "max",
	"generic_timeout", "icmp_timeout", "icmpv6_timeout", "udp_timeout", "udp_timeout_stream", "gre_timeout", "gre_timeout_stream",
	"tcp_timeout_max_retrans", "tcp_timeout_unacknowledged", "tcp_timeout_syn_sent", "tcp_timeout_syn_recv", "tcp_timeout_established",
	"tcp_timeout_fin_wait", "tcp_timeout_close_wait", "tcp_timeout_last_ack", "tcp_timeout_time_wait", "tcp_timeout_close",
	"sctp_timeout_closed", "sctp_timeout_cookie_wait", "sctp_timeout_cookie_echoed", "sctp_timeout_established",
	"sctp_timeout_shutdown_sent", "sctp_timeout_shutdown_recd", "sctp_timeout_shutdown_ack_sent", "sctp_timeout_heartbeat_sent",
}
