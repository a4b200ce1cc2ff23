// Package icmp knows the ICMP and ICMPv6 messages that a host sends.
package icmp

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Types and codes of ICMP (include/uapi/linux/icmp.h).
const (
	EchoReply        = 0
	Unreachable      = 3
	ProtoUnreachable = 2 // code of Unreachable
	PortUnreachable  = 3 // code of Unreachable
	FragNeeded       = 4 // code of Unreachable
	SourceQuench     = 4
	Redirect         = 5
	RedirectHost     = 1 // code of Redirect
	Echo             = 8
	TimeExceeded     = 11
	ParamProblem     = 12
	Timestamp        = 13
	TimestampReply   = 14
	MaxType          = 18 // NR_ICMP_TYPES
)

// Types and codes of ICMPv6 (include/uapi/linux/icmpv6.h).
const (
	V6Unreachable      = 1
	V6PortUnreachable  = 4 // code of V6Unreachable
	V6TooBig           = 2
	V6TimeExceeded     = 3
	V6ParamProblem     = 4
	V6UnknownNext      = 1 // code of V6ParamProblem
	V6UnknownOption    = 2 // code of V6ParamProblem
	V6HeaderIncomplete = 3 // code of V6ParamProblem
	V6Echo             = 128
	V6EchoReply        = 129
	V6Redirect         = 137
)

// Protocol is the ICMP of each family; that of the other is a protocol a host
// does not speak.
var Protocol = [2]uint8{netfilter.IPv4: packet.ProtoICMP, netfilter.IPv6: packet.ProtoICMPv6}

// Error describes an ICMP or ICMPv6 error.
type Error struct {
	Type, Code uint8
	Rest       uint32 // bytes 4 to 7 of its header
}

// Spec describes the packet of an error that quotes the beginning of another one.
func (e Error) Spec(src, dst netip.Addr, proto, tos uint8, quote []byte) packet.Spec {
	return packet.Spec{Src: src, Dst: dst, Proto: proto, TOS: tos, ICMPType: e.Type, ICMPCode: e.Code,
		ICMPID: uint16(e.Rest >> 16), ICMPSeq: uint16(e.Rest), Payload: quote}
}

// Silent reports that a host sends no ICMP error about ICMP of this type: it is
// an error itself, or of an unknown type (net/ipv4/icmp.c, __icmp_send).
func Silent(typ uint8) bool {
	switch typ {
	case Unreachable, SourceQuench, Redirect, TimeExceeded, ParamProblem:
		return true
	}
	return typ > MaxType
}
