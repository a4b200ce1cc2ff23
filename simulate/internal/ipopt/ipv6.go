package ipopt

import "github.com/packetpath/packetpath/netfilter/packet"

// Action is what is to be done about a header with options. The zero value is
// Keep.
type Action uint8

// The actions.
const (
	Keep   Action = iota
	Drop          // the packet
	Report        // drop the packet and tell its sender
)

// Bits of the type of an IPv6 option that say what those do who do not know it
// (RFC 8200, 4.2).
const (
	unknownAction    = 0xc0
	unknownReport    = 0x80
	unknownReportOne = 0xc0 // unless the packet was for a group
)

// Check6 finds the first option of the IPv6 extension header at offset off of the
// packet w that is wrong, or asks not to be ignored by those who do not know it
// (net/ipv6/exthdrs.c, ip6_parse_tlv). at is its offset if the action is Report.
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

// unknown says what the type of an option nobody knows asks for
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
