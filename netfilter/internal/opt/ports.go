package opt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// PortRange reads "port[:port]" of numbers with base 0 or service names of one
// protocol. An omitted end is 0 or 65535 (iptables extensions/libxt_tcp.c,
// parse_tcp_ports).
func PortRange(v *netfilter.Value, proto uint8) (r cond.PortRange, err error) {
	lo, hi, isRange := strings.Cut(v.Arg(), ":")
	r = cond.Ports(0, 65535)
	r.Invert = v.Invert
	if lo != "" || !isRange {
		if r.Min, err = Port(lo, proto); err != nil {
			return r, err
		}
	}
	switch {
	case !isRange:
		r.Max = r.Min
	case hi != "":
		if r.Max, err = Port(hi, proto); err != nil {
			return r, err
		}
	}
	if r.Min > r.Max {
		return r, fmt.Errorf("bad port range %q: the lower port comes first", v.Arg())
	}
	return r, nil
}

// Port reads a number from 0 to 65535 with base 0, or the name of a service of
// this protocol (libxtables, xtables_parse_port).
func Port(s string, proto uint8) (uint16, error) {
	if n, rest, ok := uintPrefix(s); ok && rest == "" && n <= 65535 {
		return uint16(n), nil
	}
	if p, ok := servicePort(s, proto); ok {
		return p, nil
	}
	return 0, unknownPort(s, packet.ProtocolName(proto))
}

// ResolvedPorts reads "port[:port]" as getaddrinfo reads ports: decimal, or the
// name of a service of any protocol. The order of the two is not checked; a
// reversed range contains no port (libxtables, xtopt_parse_mport).
func ResolvedPorts(v *netfilter.Value) (r cond.PortRange, err error) {
	r = cond.Ports(0, 65535)
	r.Invert = v.Invert
	parts := strings.Split(v.Arg(), ":")
	if len(parts) > 2 {
		return r, fmt.Errorf("too many ports in %q: need port or port:port", v.Arg())
	}
	for i, end := range []*uint16{&r.Min, &r.Max}[:len(parts)] {
		if parts[i] == "" {
			continue
		}
		if *end, err = resolvedPort(parts[i]); err != nil {
			return r, err
		}
	}
	if len(parts) == 1 {
		r.Max = r.Min
	}
	if r.Min > r.Max && v.Context().Version.RefusesReversedRanges() {
		return r, reversedRange(v.Arg())
	}
	return r, nil
}

// resolvedPort converts numbers above 65535 as glibc does: the low 16 bits of a
// number that fits a positive int.
func resolvedPort(s string) (uint16, error) {
	digits := strings.TrimLeft(s, blanks)
	digits, minus := strings.CutPrefix(digits, "-")
	if !minus {
		digits = strings.TrimPrefix(digits, "+")
	}
	if n, err := strconv.ParseUint(digits, 10, 64); err == nil {
		if minus {
			n = -n
		}
		if i := int32(uint32(n)); i >= 0 {
			return uint16(i), nil
		}
	}
	for _, proto := range []uint8{packet.ProtoTCP, packet.ProtoUDP, packet.ProtoSCTP} {
		if p, ok := servicePort(s, proto); ok {
			return p, nil
		}
	}
	return 0, unknownPort(s, "")
}

// AppendPorts appends " [!] --name ports".
func AppendPorts(b []byte, name string, r cond.PortRange) []byte {
	return r.Append(append(AppendOption(b, name, r.Invert), ' '))
}

// AppendGivenPorts appends " [!] --name ports" if there is a condition, also
// one on all ports.
func AppendGivenPorts(b []byte, name string, r cond.PortRange) []byte {
	if !r.Given {
		return b
	}
	return AppendPorts(b, name, r)
}
