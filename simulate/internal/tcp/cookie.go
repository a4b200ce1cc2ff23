package tcp

import (
	"hash/fnv"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// cookieSizes are the MSS values that a SYN cookie can encode (net/ipv4/
// syncookies.c, msstab; net/ipv6/syncookies.c, msstab).
var cookieSizes = [2][4]uint16{netfilter.IPv4: {536, 1300, 1440, 1460}, netfilter.IPv6: {1280 - 60, 1480 - 60, 1500 - 60, 9000 - 60}}

// Cookie returns the sequence number of the SYN ACK that SYNPROXY sends to a client, in
// answer to a segment with this header. It encodes seq, the sequence number of the
// client's SYN, and the largest of cookieSizes that does not exceed the client's MSS
// (net/ipv4/syncookies.c, secure_tcp_syn_cookie). The kernel's depends on a secret.
func Cookie(src, dst netip.Addr, header packet.TCPSegment, seq uint32, mss uint16) uint32 {
	sizes := sizesFor(src)
	i := len(sizes) - 1
	for i > 0 && sizes[i] > mss {
		i--
	}
	return cookieBase(src, dst, header) + seq + uint32(i)
}

// CheckCookie returns the MSS that a cookie encodes, with which a client completes the
// handshake that began with the sequence number seq; false if the cookie is wrong.
func CheckCookie(src, dst netip.Addr, header packet.TCPSegment, seq, cookie uint32) (mss uint16, ok bool) {
	sizes := sizesFor(src)
	i := cookie - cookieBase(src, dst, header) - seq
	if i >= uint32(len(sizes)) {
		return 0, false
	}
	return sizes[i], true
}

func sizesFor(a netip.Addr) *[4]uint16 {
	if a.Is4() {
		return &cookieSizes[netfilter.IPv4]
	}
	return &cookieSizes[netfilter.IPv6]
}

// cookieBase is the hash of addresses and ports to which a cookie is added.
func cookieBase(src, dst netip.Addr, header packet.TCPSegment) uint32 {
	h := fnv.New32a()
	s, d := src.As16(), dst.As16()
	for _, b := range [][]byte{s[:], d[:], header[:4]} {
		_, _ = h.Write(b) // never fails
	}
	return h.Sum32()
}
