package packet

import (
	"errors"
	"fmt"
	"net/netip"
)

// Types of ICMP messages (include/uapi/linux/icmp.h).
const (
	ICMPEchoReply        = 0
	ICMPUnreachable      = 3
	ICMPSourceQuench     = 4
	ICMPRedirect         = 5
	ICMPEchoRequest      = 8
	ICMPTimeExceeded     = 11
	ICMPParameterProblem = 12
	ICMPTimestamp        = 13
	ICMPTimestampReply   = 14
	ICMPAddressMask      = 17
	ICMPAddressMaskReply = 18
)

// Codes of ICMPUnreachable.
const (
	ICMPNetUnreachable      = 0
	ICMPHostUnreachable     = 1
	ICMPProtocolUnreachable = 2
	ICMPPortUnreachable     = 3
	ICMPFragmentationNeeded = 4
	ICMPAdminProhibited     = 13
)

// Types of ICMPv6 messages (include/uapi/linux/icmpv6.h).
const (
	ICMPv6Unreachable           = 1
	ICMPv6PacketTooBig          = 2
	ICMPv6TimeExceeded          = 3
	ICMPv6ParameterProblem      = 4
	ICMPv6EchoRequest           = 128
	ICMPv6EchoReply             = 129
	ICMPv6RouterSolicitation    = 133
	ICMPv6RouterAdvertisement   = 134
	ICMPv6NeighborSolicitation  = 135
	ICMPv6NeighborAdvertisement = 136
	ICMPv6Redirect              = 137
)

// Codes of ICMPv6Unreachable.
const (
	ICMPv6NoRoute            = 0
	ICMPv6AdminProhibited    = 1
	ICMPv6AddressUnreachable = 3
	ICMPv6PortUnreachable    = 4
)

// Codes of ICMPv6ParameterProblem.
const (
	ICMPv6UnknownNextHeader = 1
	ICMPv6UnknownOption     = 2
	ICMPv6IncompleteHeader  = 3 // of a first fragment (RFC 7112)
)

// Codes of ICMPRedirect.
const ICMPRedirectHost = 1

// ICMPError describes an ICMP or ICMPv6 error about a packet. The zero value is
// invalid: it has no source, and type 0 is not the type of an error.
type ICMPError struct {
	From       netip.Addr // who sends the error; of the packet's family
	Type, Code uint8
	// Info is bytes 4 to 7 of the header: the MTU for ICMPFragmentationNeeded and
	// ICMPv6PacketTooBig, the pointer of a parameter problem (in the first byte for
	// IPv4), the gateway of a redirect.
	Info uint32
}

// Length of errors: IPv4 quotes as much of the packet as fits an error of 576
// bytes (net/ipv4/icmp.c, __icmp_send), IPv6 as much as fits the minimum MTU
// (net/ipv6/icmp.c, icmp6_send).
const (
	maxICMPError   = 576
	maxICMPv6Error = 1280
)

// About returns the error about p, sent to its source, as a router makes it:
// with a TTL of 64 and, for IPv4, the precedence of internetwork control. It
// fails if p is the zero Packet, if From is not an address of its family, or if
// Type is not the type of an error.
func (e ICMPError) About(p Packet) (Packet, error) {
	if !p.IsValid() {
		return Packet{}, errors.New("an ICMP error needs a packet that it is about")
	}
	if !e.From.IsValid() || FamilyOf(e.From) != p.Family() {
		return Packet{}, fmt.Errorf("sender %s of an ICMP error about an %s packet", e.From, p.Family())
	}
	spec := Spec{Src: e.From, Dst: p.Src(), Proto: ProtoICMP, ICMPType: e.Type, ICMPCode: e.Code,
		ICMPID: uint16(e.Info >> 16), ICMPSeq: uint16(e.Info), TTL: defaultTTL, Literal: true}
	room := maxICMPError - ipv4HeaderLen - icmpHeaderLen
	if p.Family() == IPv6 {
		spec.Proto, room = ProtoICMPv6, maxICMPv6Error-ipv6HeaderLen-icmpHeaderLen
	} else {
		spec.TOS = p.TOS()&tosMask | precedenceInternetControl
	}
	if !IsICMPError(spec.Proto, e.Type) {
		return Packet{}, fmt.Errorf("type %d of %s is no error", e.Type, ProtocolName(spec.Proto))
	}
	spec.Payload = p.wire[:min(len(p.wire), room)]
	return spec.Build()
}

const (
	ipv4HeaderLen = 20 // without options
	icmpHeaderLen = 8
	defaultTTL    = 64

	tosMask                   = 0x1e // include/uapi/linux/ip.h, IPTOS_TOS_MASK
	precedenceInternetControl = 0xc0 // IPTOS_PREC_INTERNETCONTROL
)

// IsICMPError reports whether a type of ICMP or ICMPv6 is that of an error, which
// quotes the packet that it is about.
func IsICMPError(proto, typ uint8) bool {
	if proto == ProtoICMPv6 {
		return typ > 0 && typ < 128
	}
	switch typ {
	case ICMPUnreachable, ICMPSourceQuench, ICMPRedirect, ICMPTimeExceeded, ICMPParameterProblem:
		return true
	}
	return false
}
