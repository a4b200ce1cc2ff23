package ipset

import (
	"fmt"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// portSpan is the range of ports of a protocol in a command.
type portSpan struct {
	proto    uint8
	from, to uint16
	isRange  bool
}

// hasRange reports whether ports of the protocol can be given as a range
// (net/netfilter/ipset/ip_set_getport.h, ip_set_proto_with_ports).
func hasRange(proto uint8) bool {
	switch proto {
	case packet.ProtoTCP, packet.ProtoSCTP, packet.ProtoUDP, packet.ProtoUDPLite:
		return true
	}
	return false
}

// readPort reads "[proto:]port[-port]"; without a protocol it is TCP (ipset
// lib/parse.c, ipset_parse_proto_port).
func readPort(s string, f netfilter.Family) (portSpan, error) {
	name, rest, found := cutAt(s, ":")
	if !found {
		return readPorts(s, packet.ProtoTCP)
	}
	proto, err := readProtocol(name)
	if err != nil {
		return portSpan{}, err
	}
	switch {
	case hasRange(proto):
		return readPorts(rest, proto)
	case proto == packet.ProtoICMP || proto == packet.ProtoICMPv6:
		if (proto == packet.ProtoICMP) != (f == netfilter.IPv4) {
			return portSpan{}, fmt.Errorf("protocol %s is not possible in a set of family %s", name, f)
		}
		code, err := readICMP(rest, proto)
		return portSpan{proto: proto, from: code, to: code}, err
	case rest != "0":
		return portSpan{}, fmt.Errorf("protocol %s has no ports: write %s:0", name, name)
	}
	return portSpan{proto: proto}, nil
}

// readProtocol reads the name of a protocol or its number.
func readProtocol(s string) (uint8, error) {
	if n, err := opt.Uint(s, 0, 255); err == nil {
		return uint8(n), nil
	}
	if proto, ok := packet.ProtocolByName(s); ok && proto != 0 {
		return proto, nil
	}
	return 0, fmt.Errorf("unknown protocol %q", s)
}

func readPorts(s string, proto uint8) (p portSpan, err error) {
	p.proto = proto
	from, to, found := cutRange(s)
	if p.from, err = onePort(from, proto); err != nil {
		return p, err
	}
	p.to = p.from
	if found {
		p.isRange = true
		p.to, err = onePort(to, proto)
	}
	return p, err
}

func onePort(s string, proto uint8) (uint16, error) {
	bare, err := unbracket(s)
	if err != nil {
		return 0, err
	}
	return opt.Port(bare, proto)
}

// appendPort appends "proto:port".
func appendPort(b []byte, proto uint8, port uint16) []byte {
	b = append(append(b, packet.ProtocolName(proto)...), ':')
	if proto == packet.ProtoICMP || proto == packet.ProtoICMPv6 {
		return appendICMP(b, proto, port)
	}
	return strconv.AppendUint(b, uint64(port), 10)
}
