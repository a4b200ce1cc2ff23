package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// FromEthernet implements netfilter.Facts. The copies of the host's own
// broadcast and multicast packets have lost their link header.
func (f *flow) FromEthernet(*netfilter.Context) bool {
	return f.in != nil && !f.in.Loopback && !f.in.NoHeader && !f.copied
}

// LinkGroup implements netfilter.Facts.
func (f *flow) LinkGroup(name string) uint32 {
	if l := f.s.node.link(name); l != nil {
		return l.Group
	}
	return 0
}

// PacketType implements netfilter.Facts (net/ethernet/eth.c, eth_type_trans;
// net/netfilter/xt_pkttype.c, pkttype_mt).
func (f *flow) PacketType(*netfilter.Context) netfilter.PacketType {
	switch mac := f.pkt.DstMAC; {
	case f.copied && f.looped && (f.c.Family == netfilter.IPv6 || f.pkt.Dst().IsMulticast()):
		return netfilter.ToMulticast
	case f.copied && f.looped:
		return netfilter.ToBroadcast
	case f.local || f.in == nil || f.in.NoHeader || mac == (netfilter.MAC{}) || mac == f.in.MAC:
		return netfilter.ToHost
	case mac == netfilter.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}:
		return netfilter.ToBroadcast
	case mac[0]&1 != 0:
		return netfilter.ToMulticast
	}
	return netfilter.ToOther
}

// ReversePath implements netfilter.Facts (net/ipv4/netfilter/ipt_rpfilter.c,
// rpfilter_mt; net/ipv6/netfilter/ip6t_rpfilter.c, rpfilter_mt). A packet
// without a source that asks its neighbours for one is let pass.
func (f *flow) ReversePath(_ *netfilter.Context, o netfilter.ReversePath) bool {
	if f.in == nil || f.in.Loopback || f.copied {
		return true
	}
	src, dst := f.pkt.Src(), f.pkt.Dst()
	if src.Is4() && src.As4()[0] == 0 && (dst.IsLinkLocalMulticast() || dst.As4() == [4]byte{255, 255, 255, 255}) ||
		src == netip.IPv6Unspecified() {
		return true
	}
	k := f.key()
	k.IIF = f.in.index
	return f.s.node.fib.ReversePath(k, fib.ReverseOptions(o))
}

// Realm implements netfilter.Facts. Routes have no realms here.
func (f *flow) Realm(*netfilter.Context) uint32 { return 0 }

// LocalSocket implements netfilter.Facts.
func (f *flow) LocalSocket(c *netfilter.Context) *netfilter.Socket {
	if !f.Suppose(c, "no local socket is open for the packet") {
		return &netfilter.Socket{}
	}
	return nil
}
