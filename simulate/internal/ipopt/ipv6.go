package ipopt

import "github.com/packetpath/packetpath/netfilter/packet"

// Action is the result of checking a header with options. The zero value is Keep.
type Action uint8

// The actions.
const (
	Keep   Action = iota
	Drop          // drop the packet
	Report        // drop the packet and send an ICMPv6 parameter problem
)

// Bits of the type of an IPv6 option that specify the action of a node that does not
// recognize it (RFC 8200, 4.2).
const (
	unknownAction    = 0xc0
	unknownReport    = 0x80
	unknownReportOne = 0xc0 // unless the destination is multicast
)

// Check6 checks the options of the IPv6 extension header at offset off of the packet w. The
// result is that of the first option that is invalid, or that is unknown and must not be
// skipped (net/ipv6/exthdrs.c, ip6_parse_tlv). at is its offset if the action is Report.
func Check6(w []byte, off int, hopByHop bool) (at int, a Action) {
	const alert, mostPadding = 5, 7
	if off+2 > len(w) || off+packet.ExtensionHeaderLen(packet.ProtoHopByHop, w[off:]) > len(w) {
		return 0, Drop
	}
	padding := 0
	for o := range packet.Options6(w[off+2 : off+packet.ExtensionHeaderLen(packet.ProtoHopByHop, w[off:])]) {
		if o.Len == 0 || o.Len > len(o.Bytes) {
			return 0, Drop
		}
		switch o.Kind {
		case packet.Option6Pad1, packet.Option6PadN:
			if padding += o.Len; padding > mostPadding || !zeros(o.Data()) {
				return 0, Drop
			}
			continue
		case alert:
			if hopByHop && o.Len != 4 {
				return 0, Drop
			}
		default:
			if a := unknown(w, o.Kind); a != Keep {
				return off + 2 + o.Offset, a
			}
		}
		padding = 0
	}
	return 0, Keep
}

// unknown returns the action that the type of an unknown option specifies
// (ip6_tlvopt_unknown).
func unknown(w []byte, typ byte) Action {
	group := w[24] == 0xff
	switch action := typ & unknownAction; {
	case action == 0:
		return Keep
	case action == unknownReport, action == unknownReportOne && !group:
		return Report
	}
	return Drop
}
