package packet

import "encoding/binary"

// Transport is the location of the transport header in a packet.
type Transport struct {
	Proto    uint8 // protocol of the transport header
	Offset   int   // of the transport header from the start of the packet, bytes
	FragOff  int   // fragment offset: in units of 8 bytes for IPv4, in bytes for IPv6, as the kernel has it
	Found    bool  // false: an extension header is truncated, or the header is in another fragment
	Fragment bool  // the packet is a fragment, the first included
}

// Transport locates the transport header, walking IPv6 extension headers as
// net/ipv6/exthdrs_core.c, ipv6_find_hdr does.
func (p view) Transport() Transport { return p.transport(false) }

// TransportOrAH locates the transport header as nf_tables does, for which an
// IPv6 authentication header is one (include/net/netfilter/nf_tables_ipv6.h,
// nft_set_pktinfo_ipv6: ipv6_find_hdr with IP6_FH_F_AUTH).
func (p view) TransportOrAH() Transport { return p.transport(true) }

func (p view) transport(stopAtAH bool) Transport {
	if !p.whole() {
		return Transport{}
	}
	if p.is6() {
		return p.transport6(stopAtAH)
	}
	frag := binary.BigEndian.Uint16(p.wire[6:])
	return Transport{Proto: p.wire[9], Offset: p.HeaderLen(), FragOff: int(frag & 0x1fff), Found: true, Fragment: frag&0x3fff != 0}
}

// From returns the packet's bytes from the transport header on; none if the
// preceding headers claim to be longer than the packet.
func (p view) From(t Transport) []byte { return p.wire[max(0, min(t.Offset, len(p.wire))):] }

func (p view) transport6(stopAtAH bool) Transport {
	h := firstExtension(p.wire)
	t := Transport{Proto: h.Proto, Offset: h.Offset}
	for h.IsExtension() {
		if t.FragOff != 0 || h.Offset+extensionNeed(h.Proto) > len(p.wire) {
			return t
		}
		if stopAtAH && h.Proto == ProtoAH {
			break
		}
		if h.Proto == ProtoFragment {
			t.Fragment, t.FragOff = true, fragmentOffset(h.Bytes(p.wire))
		}
		h = h.next(p.wire)
		if t.FragOff == 0 || !h.IsExtension() {
			t.Proto, t.Offset = h.Proto, h.Offset
		}
	}
	t.Found = true
	return t
}
