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

// options4 checks the options of an IPv4 header after routing and writes the host's
// entry in record-route and timestamp options; it returns false if the packet was
// dropped. Source routes are not followed (accept_source_route is off)
// (net/ipv4/ip_input.c, ip_rcv_options).
func (tr *transit) options4() bool {
	if tr.c.Family == netfilter.IPv6 || tr.pkt.HeaderLen() == 20 {
		return true
	}
	header := tr.pkt.Wire()[:tr.pkt.HeaderLen()]
	at, ok := ipopt.Check4(header)
	switch {
	case !ok:
		tr.drop(Malformed, StepLocal, fmt.Sprintf("the IP options are wrong at byte %d", at))
		tr.skb.options = ipopt.Refused(header, at)
		tr.sendError(icmp.Error{Type: packet.ICMPParameterProblem, Rest: uint32(at) << 24})
		return false
	case ipopt.SourceRouted4(header):
		tr.drop(Malformed, StepLocal, "source routes are not followed")
		return false
	}
	tr.clearResidue4()
	tr.skb.options = ipopt.Record(header, optionHost{tr})
	return true
}

// clearResidue4 clears the bytes after the end-of-options option. The header checksum
// is updated in forwarded packets only.
func (tr *transit) clearResidue4() {
	n := tr.pkt.HeaderLen()
	at := ipopt.Residue(tr.pkt.Wire()[:n])
	if at == 0 {
		return
	}
	clear(tr.c.Edit().Wire()[at:n])
	if tr.route.Kind == fib.KindForward {
		ipopt.UpdateChecksum(tr.pkt.Wire())
	}
}

// optionHost implements ipopt.Host for the packet's host.
type optionHost struct{ *transit }

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

// knownAs returns the source address of replies to the packet (fib_compute_spec_dst):
// its destination, or, if that is not a unicast address of the host, the source that
// the route to its sender has.
func (tr *transit) knownAs() netip.Addr {
	if tr.route.Type == fib.TypeLocal {
		return tr.pkt.Dst()
	}
	return tr.s.node.machine.FIB.KnownAs(fib.Key{Src: tr.pkt.Src(), IIF: tr.in.Index, TOS: tr.pkt.TOS(), Mark: tr.pkt.Mark})
}

// recordLeaving writes the address of the output link to the record-route option of a
// forwarded packet (net/ipv4/route.c, ip_rt_get_source).
func (tr *transit) recordLeaving() {
	if !tr.skb.options.Changed {
		return
	}
	tr.skb.options.Leave(tr.c.Edit().Wire(), func() netip.Addr {
		k := fib.Key{Dst: tr.pkt.Dst(), Src: tr.pkt.Src(), IIF: tr.in.Index, OIF: tr.out.Index, TOS: tr.pkt.TOS(), Mark: tr.pkt.Mark}
		a, ok := tr.s.node.machine.FIB.PreferredSource(k)
		if !ok {
			a, _ = tr.linkAddr4()
		}
		return a
	})
}

// echoOptions returns the options of a reply from src; ok is false if the reversed
// options do not fit, in which case no reply is sent.
func (tr *transit) echoOptions(src netip.Addr) (opts []byte, back ipopt.Records, ok bool) {
	return tr.skb.options.Echo(tr.pkt.Wire(), src, optionHost{tr})
}

// addOptions inserts options into an IPv4 header that has none. The records r are used
// if an ICMP error about the packet is sent.
func (tr *transit) addOptions(opts []byte, r ipopt.Records) {
	if len(opts) == 0 {
		return
	}
	tr.c.Edit().SetWire(ipopt.Insert(tr.pkt.Wire(), opts))
	tr.skb.options = r
}

// hopByHop checks the hop-by-hop options of an IPv6 packet before PREROUTING; it
// returns false if the packet was dropped (net/ipv6/exthdrs.c, ipv6_parse_hopopts).
func (tr *transit) hopByHop() bool {
	if tr.c.Family == netfilter.IPv4 || tr.pkt.NextHeader() != packet.ProtoHopByHop {
		return true
	}
	if at, a := ipopt.Check6(tr.pkt.Wire(), 40, true); a != ipopt.Keep {
		tr.drop(Malformed, StepLocal, "the hop-by-hop options are wrong or not known")
		tr.reportOption6(at, a)
		return false
	}
	return true
}

// reportOption6 sends the ICMPv6 parameter problem for an unknown option whose type
// requires it.
func (tr *transit) reportOption6(at int, a ipopt.Action) {
	if a == ipopt.Report {
		tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Code: packet.ICMPv6UnknownOption, Rest: uint32(at)})
	}
}

// takeHeaders6 processes the extension headers of a packet delivered to the host, up to
// the transport header or one without a handler; it returns false if one of them
// caused the packet to be dropped (net/ipv6/exthdrs.c, ipv6_destopt_rcv,
// ipv6_rthdr_rcv).
func (tr *transit) takeHeaders6() bool {
	if tr.c.Family == netfilter.IPv4 {
		return true
	}
	w := tr.pkt.Wire()
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
				tr.reportOption6(bad, a)
				return false
			}
		}
		if h.Proto == packet.ProtoRouting && !tr.takeRouting6(w[h.Offset:], h.Offset) {
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

// takeRouting6 processes a routing header h at the offset at; it returns false if the
// packet was dropped. Source routes are not followed: segment routing and RPL are off
// by default, and other types are rejected while segments are left. Type 2 headers
// without segments left are accepted, as in a kernel without CONFIG_IPV6_MIP6.
func (tr *transit) takeRouting6(h []byte, at int) bool {
	typ, left := h[2], h[3]
	switch {
	case tr.pkt.Dst().IsMulticast(), typ == routingRPL, typ == routingSegment:
		return false
	case left == 0:
		return true
	}
	tr.sendError(icmp.Error{Type: packet.ICMPv6ParameterProblem, Rest: uint32(at + 2)}) // code 0: an erroneous field
	return false
}
