package conntrack

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// segment is a packet as passed to the trackers.
type segment struct {
	wire  []byte // the IP packet
	fam   netfilter.Family
	proto uint8 // of the transport header
	off   int   // of the transport header
	hook  netfilter.Hook

	trusted bool // the checksum need not be verified
}

// body returns the transport header and all that follows.
func (s *segment) body() []byte { return s.wire[min(s.off, len(s.wire)):] }

// sumOK reports whether the checksum over the first n bytes of the body is correct;
// proto is the protocol of the pseudo header, 0 for none.
func (s *segment) sumOK(n int, proto uint8) bool {
	b := s.body()
	sum := uint32(0)
	if proto != 0 {
		src, dst := addrs(s.wire, s.fam)
		sum = packet.PseudoSum(src, dst, proto, len(b))
	}
	return packet.Checksum(b[:n], sum) == 0
}

// checks reports whether checksums are verified at the segment's hook, which is only
// done for received packets.
func (t *Table) checks(s *segment) bool {
	return t.cfg.Checksum && s.hook == netfilter.Prerouting && !s.trusted
}

// addrs returns the addresses of an IP header that is known to be long enough.
func addrs(b []byte, fam netfilter.Family) (src, dst netip.Addr) {
	if fam == netfilter.IPv6 {
		return netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	}
	return netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
}

// Locate returns the protocol and offset of the transport header of the packet b; false
// if the packet cannot be tracked: fragments other than the first, truncated headers,
// IPv6 packets with "no next header" (nf_conntrack_core.c, get_l4proto). The family is
// that of the outermost packet; the version field of a quoted header is ignored.
func Locate(b []byte, fam netfilter.Family) (proto uint8, off int, ok bool) {
	if fam == netfilter.IPv6 {
		return locate6(b)
	}
	if len(b) < 20 || binary.BigEndian.Uint16(b[6:])&0x1fff != 0 {
		return 0, 0, false
	}
	off = int(b[0]&15) * 4
	return b[9], off, off > 0 && off <= len(b)
}

// locate6 skips the extension headers like net/ipv6/exthdrs_core.c, ipv6_skip_exthdr: it
// stops at fragments other than the first and at "no next header".
func locate6(b []byte) (proto uint8, off int, ok bool) {
	for h := range packet.ExtensionHeaders(b) {
		proto, off = h.Proto, h.Offset
		switch {
		case proto == packet.ProtoFragment && (off+4 > len(b) || binary.BigEndian.Uint16(b[off+2:])&^7 != 0):
			return proto, off, false
		case !h.IsExtension():
			return proto, off, proto != packet.ProtoNone
		}
	}
	return proto, off, false
}
