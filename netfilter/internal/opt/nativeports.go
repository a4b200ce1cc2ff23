package opt

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// NativePorts evaluates a match tcp or udp as the expressions that iptables-nft
// writes in its place (iptables/nft.c, add_nft_tcp and add_nft_udp). Unlike the
// extension of xtables, they read only the bytes they compare and never drop
// the packet: a fragment or a packet that ends before those bytes does not
// match (net/netfilter/nft_payload.c, nft_payload_eval). A range of all ports
// and a mask without flags are no conditions, even if inverted.
type NativePorts struct {
	netfilter.Extension // the match that is replaced, for its text

	Src, Dst        cond.PortRange
	FlagMask, Flags packet.TCPFlags
	InvertFlags     bool
}

// Match compares the ports and flags that are conditions.
func (m *NativePorts) Match(c *netfilter.Context) bool {
	return nativePort(c, 0, m.Src) && nativePort(c, 2, m.Dst) && m.matchFlags(c)
}

func nativePort(c *netfilter.Context, off int, r cond.PortRange) bool {
	if nativeAll(r) {
		return true
	}
	b, ok := firstTransport(c, off, 2)
	return ok && r.Holds(binary.BigEndian.Uint16(b))
}

// nativeAll reports whether no expression is written for a range.
func nativeAll(r cond.PortRange) bool { return !r.Given || r.Min == 0 && r.Max == 65535 }

func (m *NativePorts) matchFlags(c *netfilter.Context) bool {
	if m.FlagMask == 0 {
		return true
	}
	b, ok := firstTransport(c, 13, 1)
	return ok && (packet.TCPFlags(b[0])&m.FlagMask == m.Flags) != m.InvertFlags
}

// firstTransport returns n bytes at an offset in the transport header; false for
// a fragment after the first and where the packet ends before them.
func firstTransport(c *netfilter.Context, off, n int) ([]byte, bool) {
	if c.Transport.FragOff != 0 {
		return nil, false
	}
	return c.Bytes(c.Transport.Offset+off, n)
}

// Bound implements netfilter.Bounded.
func (m *NativePorts) Bound(b netfilter.Bounds) bool {
	if !nativeAll(m.Src) {
		b.SrcPort(m.Src.Invert, m.Src)
	}
	if !nativeAll(m.Dst) {
		b.DstPort(m.Dst.Invert, m.Dst)
	}
	return true
}
