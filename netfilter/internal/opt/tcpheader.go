package opt

import "github.com/packetpath/packetpath/netfilter"

// MinTCPHeader is the length of a TCP header without options.
const MinTCPHeader = 20

// MSSOption is the kind of the TCP option that announces the largest segment.
const MSSOption = 2

// TCPHeader returns a TCP header of the length it states.
func TCPHeader(c *netfilter.Context) ([]byte, bool) {
	h, ok := c.TransportHeader(MinTCPHeader)
	if !ok || int(h[12]>>4)*4 < MinTCPHeader {
		return nil, false
	}
	return c.TransportHeader(int(h[12]>>4) * 4)
}

// OptionLen returns the length of the option at i: kinds 0 and 1 have one byte,
// all others a length byte. A length of 0, or none at the end, counts as 1
// (net/netfilter/xt_TCPMSS.c, optlen).
func OptionLen(options []byte, i int) int {
	if options[i] < 2 || i+1 == len(options) || options[i+1] == 0 {
		return 1
	}
	return int(options[i+1])
}

// HasOption reports whether options hold this kind (net/netfilter/xt_tcpudp.c,
// tcp_find_option; xt_dccp.c, dccp_find_option).
func HasOption(options []byte, kind uint8) bool {
	for i := 0; i < len(options); i += OptionLen(options, i) {
		if options[i] == kind {
			return true
		}
	}
	return false
}

// FindMSS returns where the announcement of the largest segment begins; false if
// there is none of the right length (net/netfilter/xt_tcpmss.c, tcpmss_mt).
func FindMSS(options []byte) (at int, ok bool) {
	for i := 0; i+4 <= len(options); i += OptionLen(options, i) {
		if options[i] == MSSOption && options[i+1] == 4 {
			return i, true
		}
	}
	return 0, false
}
