package simulate

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/ipopt"
)

// options4 checks the options of an IPv4 header once the packet is routed, and
// enters the host in those that record the way; false if it ends here. A
// source route is not followed (accept_source_route is off) (net/ipv4/ip_input.c,
// ip_rcv_options).
func (f *flow) options4() bool {
	if f.c.Family == netfilter.IPv6 || f.pkt.HeaderLen() == 20 {
		return true
	}
	header := f.pkt.Wire()[:f.pkt.HeaderLen()]
	at, ok := ipopt.Check4(header)
	switch {
	case !ok:
		f.drop(Malformed, StepLocal, fmt.Sprintf("the IP options are wrong at byte %d", at))
		f.sendError(icmp.Error{Type: icmp.ParamProblem, Rest: uint32(at) << 24})
		return false
	case ipopt.SourceRouted4(header):
		f.drop(Malformed, StepLocal, "source routes are not followed")
		return false
	}
	f.clearResidue4()
	f.records = ipopt.Record(header, optionHost{f})
	return true
}

// clearResidue4 clears what stands behind the end of the options. The checksum is
// updated in packets that are passed on only.
func (f *flow) clearResidue4() {
	n := f.pkt.HeaderLen()
	at := ipopt.Residue(f.pkt.Wire()[:n])
	if at == 0 {
		return
	}
	clear(f.c.Edit().Wire()[at:n])
	if f.route.Kind == fib.KindForward {
		ipopt.UpdateChecksum(f.pkt.Wire())
	}
}

// optionHost answers what options ask of the host.
type optionHost struct{ *flow }

// Edit implements ipopt.Host.
func (h optionHost) Edit() []byte { return h.c.Edit().Wire() }

// KnownAs implements ipopt.Host.
func (h optionHost) KnownAs() netip.Addr { return h.knownAs() }

// Foreign implements ipopt.Host.
func (h optionHost) Foreign(a netip.Addr) bool {
	return h.AddrType(a, "")&netfilter.AddrUnicast != 0
}

// TimeOfDay implements ipopt.Host.
func (h optionHost) TimeOfDay() uint32 { return h.s.timeOfDay() }

// timeOfDay returns the milliseconds since midnight UTC (net/ipv4/af_inet.c,
// inet_current_timestamp).
func (s *Session) timeOfDay() uint32 {
	return uint32(s.now.Sub(s.now.Truncate(24*time.Hour)) / time.Millisecond)
}

// knownAs returns the host's address for answers to the packet: the one it is for,
// or the one that the way back comes from.
func (f *flow) knownAs() netip.Addr {
	if f.route.Type == fib.TypeLocal {
		return f.pkt.Dst()
	}
	return f.s.node.fib.KnownAs(fib.Key{Src: f.pkt.Src(), IIF: f.in.index, TOS: f.pkt.TOS(), Mark: f.pkt.Mark})
}

// recordLeaving puts the address that the packet leaves the host by into the route
// that it records (net/ipv4/route.c, ip_rt_get_source).
func (f *flow) recordLeaving() {
	if !f.records.Changed {
		return
	}
	f.records.Leave(f.c.Edit().Wire(), func() netip.Addr {
		k := fib.Key{Dst: f.pkt.Dst(), Src: f.pkt.Src(), IIF: f.in.index, OIF: f.out.index, TOS: f.pkt.TOS(), Mark: f.pkt.Mark}
		a, ok := f.s.node.fib.PreferredSource(k)
		if !ok {
			a, _ = f.linkAddr4()
		}
		return a
	})
}

// echoOptions returns the options of an answer from src; false if they have no
// room for the way back, which prevents the answer.
func (f *flow) echoOptions(src netip.Addr) (opts []byte, back ipopt.Records, ok bool) {
	return f.records.Echo(f.pkt.Wire(), src, optionHost{f})
}

// addOptions puts options into an IPv4 header that has none. They are read again
// if an error about the packet is sent.
func (f *flow) addOptions(opts []byte, r ipopt.Records) {
	if len(opts) == 0 {
		return
	}
	f.c.Edit().SetWire(ipopt.Insert(f.pkt.Wire(), opts))
	f.records = r
}

// hopByHop checks the hop-by-hop options of an IPv6 packet, ahead of all rules;
// false if it ends here (net/ipv6/exthdrs.c, ipv6_parse_hopopts).
func (f *flow) hopByHop() bool {
	if f.c.Family == netfilter.IPv4 || f.pkt.NextHeader() != packet.ProtoHopByHop {
		return true
	}
	if at, a := ipopt.Check6(f.pkt.Wire(), 40, true); a != ipopt.Keep {
		f.drop(Malformed, StepLocal, "the hop-by-hop options are wrong or not known")
		f.reportOption6(at, a)
		return false
	}
	return true
}

// reportOption6 tells the sender of an unknown option if the option asks for it.
func (f *flow) reportOption6(at int, a ipopt.Action) {
	if a == ipopt.Report {
		f.sendError(icmp.Error{Type: icmp.V6ParamProblem, Code: icmp.V6UnknownOption, Rest: uint32(at)})
	}
}

// takeHeaders6 goes through the extension headers of a packet for the host
// itself, as far as the transport header or one that it does not speak; false
// if one of them ends the packet (net/ipv6/exthdrs.c, ipv6_destopt_rcv,
// ipv6_rthdr_rcv).
func (f *flow) takeHeaders6() bool {
	if f.c.Family == netfilter.IPv4 {
		return true
	}
	w := f.pkt.Wire()
	for h := range packet.ExtensionHeaders(w) {
		switch h.Proto {
		case packet.ProtoHopByHop, packet.ProtoDestOpts, packet.ProtoRouting:
		default:
			return true
		}
		if h.Offset+4 > len(w) {
			return false
		}
		if h.Proto == packet.ProtoDestOpts {
			if bad, a := ipopt.Check6(w, h.Offset, false); a != ipopt.Keep {
				f.reportOption6(bad, a)
				return false
			}
		}
		if h.Proto == packet.ProtoRouting && !f.takeRouting6(w[h.Offset:], h.Offset) {
			return false
		}
	}
	return true
}

// Types of routing headers (include/uapi/linux/in6.h, ipv6.h).
const (
	routingRPL     = 3
	routingSegment = 4
)

// takeRouting6 judges a routing header h at the offset at. Routes through the
// host are not followed: segment routing and RPL are off by default, and other
// types are refused while segments are left. A kernel with CONFIG_IPV6_MIP6 drops
// those of type 2, too, which others, and this, let pass.
func (f *flow) takeRouting6(h []byte, at int) bool {
	typ, left := h[2], h[3]
	switch {
	case f.pkt.Dst().IsMulticast(), typ == routingRPL, typ == routingSegment:
		return false
	case left == 0:
		return true
	}
	f.sendError(icmp.Error{Type: icmp.V6ParamProblem, Rest: uint32(at + 2)}) // code 0: an erroneous field
	return false
}
