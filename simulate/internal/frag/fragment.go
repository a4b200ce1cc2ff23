// Package frag reassembles and fragments packets as the kernel does.
package frag

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/exthdr"
)

// Key identifies the packet to which a fragment belongs (net/ipv4/
// ip_fragment.c, struct frag_v4_compare_key; net/ipv6/netfilter/
// nf_conntrack_reasm.c).
type Key struct {
	Src, Dst netip.Addr
	ID       uint32
	Proto    uint8          // IPv4 only
	Hook     netfilter.Hook // where the packet is reassembled
}

// Fragment is a fragment of a packet.
type Fragment struct {
	Key    Key
	More   bool // the more-fragments flag
	Len    int  // length of the fragment with its headers, in bytes
	header []byte
	meta   Metadata
	part
}

// Metadata holds the properties of a packet besides its bytes. A reassembled packet takes it from
// the fragment with offset 0 (net/ipv4/inet_fragment.c, inet_frag_reasm_prepare,
// skb_morph).
type Metadata struct {
	SrcMAC, DstMAC packet.MAC
	PhysIn         string
	Mark, Priority uint32
}

// Apply sets the metadata of a packet.
func (m *Metadata) Apply(p *netfilter.Packet) {
	p.SrcMAC, p.DstMAC, p.PhysIn, p.Mark, p.Priority = m.SrcMAC, m.DstMAC, m.PhysIn, m.Mark, m.Priority
}

// Atomic reports whether the fragment is the only one of its packet.
func (f *Fragment) Atomic() bool { return f.off == 0 && !f.More }

// Size returns the number of data bytes of the fragment.
func (f *Fragment) Size() int { return len(f.data) }

// part is the data of a fragment.
type part struct {
	off  int // offset in the fragmentable part, in bytes
	data []byte
	conn *netfilter.Conn // a copy of the fragment's connection, which fragments received on lo have
}

// Read parses a packet as a fragment that is reassembled at a hook; false if it is not a
// fragment. conn is the connection of the packet.
func Read(p *netfilter.Packet, h netfilter.Hook, conn *netfilter.Conn) (Fragment, bool) {
	w := p.Wire()
	f := Fragment{Key: Key{Src: p.Src(), Dst: p.Dst(), Hook: h}, Len: p.Len(),
		meta: Metadata{p.SrcMAC, p.DstMAC, p.PhysIn, p.Mark, p.Priority}}
	if p.Family() == netfilter.IPv4 {
		offset := binary.BigEndian.Uint16(w[6:])
		if offset&0x3fff == 0 {
			return f, false
		}
		n := p.HeaderLen()
		f.Key.ID, f.Key.Proto, f.More = uint32(p.ID()), w[9], offset&0x2000 != 0
		f.header = slices.Clone(w[:n])
		f.part = part{int(offset&0x1fff) * 8, slices.Clone(w[n:]), copyOf(conn)}
		return f, true
	}
	h6, found := exthdr.Fragment(w)
	if !found {
		return f, false
	}
	at := h6.Offset
	offset := binary.BigEndian.Uint16(w[at+2:])
	f.Key.ID, f.More = binary.BigEndian.Uint32(w[at+4:]), offset&1 != 0
	f.header = slices.Clone(w[:at])
	f.header[h6.NamedAt] = w[at]
	f.part = part{int(offset &^ 7), slices.Clone(w[at+8:]), copyOf(conn)}
	return f, true
}

// copyOf returns a copy of a connection, which is valid only while the packet is in
// transit; nil for nil.
func copyOf(c *netfilter.Conn) *netfilter.Conn {
	if c == nil {
		return nil
	}
	own := *c
	return &own
}

// CutShort reports whether an IPv6 packet is a first fragment with a truncated transport
// header. Reassembly by conntrack accepts such fragments (net/ipv6/reassembly.c,
// ipv6frag_thdr_truncated).
func CutShort(p *netfilter.Packet) bool {
	if p.Family() == netfilter.IPv4 {
		return false
	}
	w := p.Wire()
	h, ok := exthdr.Fragment(w)
	if !ok || binary.BigEndian.Uint16(w[h.Offset+2:])&^7 != 0 {
		return false
	}
	h, ok = exthdr.Find(w, nil)
	if !ok || h.Proto == packet.ProtoNone {
		return false
	}
	need := 1
	switch h.Proto {
	case packet.ProtoTCP:
		need = 20
	case packet.ProtoUDP, packet.ProtoICMPv6:
		need = 8
	}
	return h.Offset+need > len(w)
}
