package simulate

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// Divert implements netfilter.Detours (include/net/netfilter/nf_tproxy.h;
// net/ipv4/netfilter/nf_tproxy_ipv4.c, nf_tproxy_get_sock_v4). The socket goes
// along with the packet, which still needs a route to the host itself.
func (f *flow) Divert(c *netfilter.Context, a netip.Addr, port uint16) bool {
	if !f.s.knowsSockets() {
		return f.supposeDiverted(c, a, port)
	}
	src, dst := f.ends()
	proto := f.pkt.Proto()
	if st, ok := f.s.streams[streamKey{dst, src}]; ok && proto == packet.ProtoTCP {
		return f.divertTo(&st.owner)
	}
	if s := f.s.bestSocket(proto, src, dst, f.in.name, func(s *host.Socket) bool { return s.Remote.IsValid() }); s != nil {
		return f.divertTo(ownerOf(s))
	}
	if a.IsUnspecified() {
		a = dst.Addr()
		if own, ok := f.s.node.fib.FirstAddr(f.in.index, c.Family == netfilter.IPv6); ok {
			a = own
		}
	}
	f.listener = f.s.bestSocket(proto, src, netip.AddrPortFrom(a, port), f.in.name, func(s *host.Socket) bool { return !s.Remote.IsValid() })
	return f.listener != nil && f.divertTo(ownerOf(f.listener))
}

// divertTo gives the packet to a socket that is transparent.
func (f *flow) divertTo(s *packet.Socket) bool {
	if s.Transparent {
		f.diverted = s
	}
	return s.Transparent
}

func (f *flow) supposeDiverted(c *netfilter.Context, a netip.Addr, port uint16) bool {
	where := fmt.Sprintf("port %d", port)
	if !a.IsUnspecified() {
		where = netip.AddrPortFrom(a, port).String()
	}
	return f.Suppose(c, "a transparent socket listens on "+where) && f.divertTo(&packet.Socket{Transparent: true})
}
