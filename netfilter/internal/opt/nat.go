package opt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// natPorts are the protocols for which iptables accepts ports in NAT options.
// ICMP is one of them in both families, UDP-Lite is not.
var natPorts = []uint8{packet.ProtoTCP, packet.ProtoUDP, packet.ProtoSCTP, packet.ProtoDCCP, packet.ProtoICMP}

// NATTo reads "[address[-address]][:port[-port[/base]]]" into r; IPv6 addresses
// with ports are enclosed in brackets (iptables extensions/libxt_NAT.c,
// parse_to).
func NATTo(v *netfilter.Value, r *netfilter.NATRange) error {
	addrs, ports, hasPorts, hasAddrs, err := splitNATTo(v)
	if err != nil {
		return err
	}
	if hasPorts {
		if err := natPortRange(v, ports, r); err != nil {
			return err
		}
	}
	if !hasAddrs {
		return nil
	}
	lo, hi, isRange := strings.Cut(addrs, "-")
	if r.MinAddr, err = StrictAddr(lo, v.Family); err != nil {
		return err
	}
	r.MaxAddr = r.MinAddr
	if isRange {
		r.MaxAddr, err = StrictAddr(hi, v.Family)
	}
	return err
}

// splitNATTo splits addresses and ports. A colon precedes ports if it is the
// only one or follows a bracket; at byte 0 or 2 no address is assumed before
// it, regardless of the bytes there.
func splitNATTo(v *netfilter.Value) (addrs, ports string, hasPorts, hasAddrs bool, err error) {
	s := v.Arg()
	colon := -1
	addrs = s
	if open := strings.IndexByte(s, '['); open >= 0 {
		n := strings.IndexByte(s[open:], ']')
		if n < 0 || v.Family == netfilter.IPv4 {
			return "", "", false, false, fmt.Errorf("bad address format %q: brackets stand around IPv6 addresses", s)
		}
		addrs = s[open+1 : open+n]
		if c := strings.IndexByte(s[open+n:], ':'); c >= 0 {
			colon = open + n + c
		}
	} else if strings.Count(s, ":") == 1 {
		colon = strings.IndexByte(s, ':')
		addrs = s[:colon]
	}
	if colon < 0 {
		return addrs, "", false, true, nil
	}
	return addrs, s[colon+1:], true, colon != 0 && colon != 2, nil
}

// NATPorts reads "port[-port]" into r (iptables extensions/libxt_NAT.c,
// parse_ports).
func NATPorts(v *netfilter.Value, r *netfilter.NATRange) error { return natPortRange(v, v.Arg(), r) }

func natPortRange(v *netfilter.Value, s string, r *netfilter.NATRange) error {
	if !slices.Contains(natPorts, v.Header.Proto) {
		return fmt.Errorf("a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got %q", s)
	}
	r.Ports = true
	lo, rest, ok := natPort(s)
	if !ok {
		return fmt.Errorf("invalid port or service %q: need 0-65535 or a service name", s)
	}
	r.MinPort, r.MaxPort = lo, lo
	if rest == "" {
		return nil
	}
	if rest[0] != '-' {
		return fmt.Errorf("unexpected %q behind the port: a range is written port-port", rest)
	}
	n, base, ok := uintPrefix(rest[1:])
	if !ok || n > 65535 {
		return fmt.Errorf("invalid port %q: the end of a range is a number", rest[1:])
	}
	r.MaxPort = uint16(n)
	if r.MaxPort < r.MinPort {
		return fmt.Errorf("bad port range %q: the lower port comes first", s)
	}
	return natBase(base, r)
}

// natPort reads a number and returns what follows it, or a service name of any
// protocol.
func natPort(s string) (port uint16, rest string, ok bool) {
	if n, rest, ok := uintPrefix(s); ok && n <= 65535 {
		return uint16(n), rest, true
	}
	p, ok := servicePort(s, 0)
	return p, "", ok
}

// natBase reads the base port of a shifted range. Text after its digits is
// ignored.
func natBase(s string, r *netfilter.NATRange) error {
	if s == "" {
		return nil
	}
	if s[0] != '/' {
		return fmt.Errorf("unexpected %q behind the port range", s)
	}
	base, _, ok := natPort(s[1:])
	if !ok || base == 0 {
		return fmt.Errorf("invalid base port %q: need 1-65535 or a service name", s[1:])
	}
	r.Offset, r.BasePort = true, base
	return nil
}

// AppendNATTo appends " --name" and the addresses and ports of the range, if
// it has any (iptables extensions/libxt_NAT.c, sprint_range).
func AppendNATTo(b []byte, name string, r *netfilter.NATRange) []byte {
	if !r.MinAddr.IsValid() && !r.Ports {
		return b
	}
	b = append(AppendOption(b, name, false), ' ')
	if r.MinAddr.IsValid() {
		bracket := r.Ports && r.MinAddr.Is6()
		if bracket {
			b = append(b, '[')
		}
		b = netfilter.AppendAddr(b, r.MinAddr)
		if r.MaxAddr != r.MinAddr {
			b = netfilter.AppendAddr(append(b, '-'), r.MaxAddr)
		}
		if bracket {
			b = append(b, ']')
		}
	}
	if r.Ports {
		b = AppendNATPorts(append(b, ':'), r)
	}
	return b
}

// AppendNATPorts appends "port[-port[/base]]".
func AppendNATPorts(b []byte, r *netfilter.NATRange) []byte {
	b = strconv.AppendUint(b, uint64(r.MinPort), 10)
	if r.MaxPort != r.MinPort {
		b = strconv.AppendUint(append(b, '-'), uint64(r.MaxPort), 10)
	}
	if r.Offset {
		b = strconv.AppendUint(append(b, '/'), uint64(r.BasePort), 10)
	}
	return b
}

// AppendNATFlags appends the options without value, in the order of
// iptables-save.
func AppendNATFlags(b []byte, r *netfilter.NATRange) []byte {
	if r.Random {
		b = AppendOption(b, "random", false)
	}
	if r.RandomFully {
		b = AppendOption(b, "random-fully", false)
	}
	if r.Persistent {
		b = AppendOption(b, "persistent", false)
	}
	return b
}

// AppendToPorts appends " --to-ports ports" if the range has any.
func AppendToPorts(b []byte, r *netfilter.NATRange) []byte {
	if !r.Ports {
		return b
	}
	return AppendNATPorts(AppendOption(b, "to-ports ", false), r)
}
