package ipopt

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
	const pad1, padN, alert, mostPadding = 0, 1, 5, 7
	if off+2 > len(w) || off+(int(w[off+1])+1)*8 > len(w) {
		return 0, Drop
	}
	end := off + (int(w[off+1])+1)*8
	padding := 0
	for i := off + 2; i < end; {
		if w[i] == pad1 {
			if padding++; padding > mostPadding {
				return 0, Drop
			}
			i++
			continue
		}
		if i+2 > end || i+2+int(w[i+1]) > end {
			return 0, Drop
		}
		n := int(w[i+1]) + 2
		switch w[i] {
		case padN:
			if padding += n; padding > mostPadding || !zeros(w[i+2:i+n]) {
				return 0, Drop
			}
			i += n
			continue
		case alert:
			if hopByHop && n != 4 {
				return 0, Drop
			}
		default:
			if a := unknown(w, w[i]); a != Keep {
				return i, a
			}
		}
		padding = 0
		i += n
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
