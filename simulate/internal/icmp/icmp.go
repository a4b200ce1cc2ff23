// Package icmp describes the ICMP and ICMPv6 messages that a host sends.
package icmp

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// maxType is the highest ICMP type with a handler (include/uapi/linux/icmp.h,
// NR_ICMP_TYPES).
const maxType = 18

// Protocol is the protocol number of ICMP by family. That of the other family is treated
// as an unknown protocol.
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

// Silent reports whether a host sends no ICMP errors about ICMP messages of this type,
// because it is an error itself or unknown (net/ipv4/icmp.c, __icmp_send).
func Silent(typ uint8) bool {
	return packet.IsICMPError(packet.ProtoICMP, typ) || typ > maxType
}
