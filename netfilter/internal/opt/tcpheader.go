package opt

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TCPHeader returns a TCP header of the length it states.
func TCPHeader(c *netfilter.Context) (packet.TCPSegment, bool) {
	h, ok := c.TransportHeader(packet.TCPHeaderLen)
	if !ok {
		return nil, false
	}
	n := packet.TCPSegment(h).HeaderLen()
	if n < packet.TCPHeaderLen {
		return nil, false
	}
	return c.TransportHeader(n)
}

// HasOption reports whether options hold this kind. Neither the end-of-options
// option nor a wrong length ends the search (net/netfilter/xt_tcpudp.c,
// tcp_find_option; xt_dccp.c, dccp_find_option).
func HasOption(options []byte, kind uint8) bool {
	for o := range packet.Options(options) {
		if o.Kind == kind {
			return true
		}
	}
	return false
}

// FindMSS returns the offset of the maximum segment size option that has the
// correct length, and its value; false if there is none
// (net/netfilter/xt_tcpmss.c, tcpmss_mt; xt_TCPMSS.c, tcpmss_mangle_packet).
func FindMSS(options []byte) (at int, mss uint16, ok bool) {
	for o := range packet.Options(options) {
		if o.Kind == packet.TCPOptionMSS && o.Len == 4 && o.Whole() {
			return o.Offset, binary.BigEndian.Uint16(o.Data()), true
		}
	}
	return 0, 0, false
}
