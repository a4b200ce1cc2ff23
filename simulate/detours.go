package simulate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// Copy implements netfilter.Detours. A copy of a copy is not made
// (net/ipv4/netfilter/nf_dup_ipv4.c, nf_dup_ipv4; net/ipv6/netfilter/
// nf_dup_ipv6.c, nf_dup_ipv6).
func (f *flow) Copy(c *netfilter.Context, gateway netip.Addr, out string) {
	if f.duplicate {
		return
	}
	p := f.pkt.Clone()
	p.Socket = nil
	p.SetDontFragment()
	if c.Hook == netfilter.Prerouting || c.Hook == netfilter.Input {
		p.SetTTL(p.TTL() - 1) // wraps around, as in the kernel
	}
	d := f.s.newFlow(&p, f)
	f.res.copies = append(f.res.copies, copyAt{step: len(f.res.Steps) - 1, res: d.res})
	d.duplicate, d.local = true, true
	d.traced, d.res.traced = f.traced, f.res.traced
	d.c.Hook, d.c.Relation = netfilter.Output, netfilter.Untracked
	k := fib.Key{Dst: gateway, TOS: p.TOS()}
	if l := f.s.node.byName[out]; l != nil {
		k.OIF = l.index
	}
	route, errno := d.routeOutput(k)
	if errno != 0 {
		d.drop(NoRoute, StepRoute, "no way to "+gateway.String()+": "+errno.Error())
		return
	}
	d.in = f.s.node.linkByIndex(route.Link) // its device, as POSTROUTING sees it
	d.leave(route)
}

// copyAt is a copy that a rule made of the packet: its path and the step of the
// rule.
type copyAt struct {
	step int
	res  *Result
}

// Divert implements netfilter.Detours. Where the host's sockets are not known
// there is one.
func (f *flow) Divert(c *netfilter.Context, a netip.Addr, port uint16) bool {
	if f.s.sockets != nil || len(f.s.streams) > 0 {
		f.diverted = f.transparentSocket(a, port)
		return f.diverted
	}
	where := fmt.Sprintf("port %d", port)
	if !a.IsUnspecified() {
		where = netip.AddrPortFrom(a, port).String()
	}
	f.diverted = f.Suppose(c, "a transparent socket listens on "+where)
	return f.diverted
}

// transparentSocket reports whether the packet is for a connected socket, or
// one listens where TPROXY sends it, that has IP_TRANSPARENT. Instead of no
// address it is that of the link (net/netfilter/xt_TPROXY.c, tproxy_tg4;
// net/ipv4/netfilter/nf_tproxy_ipv4.c, nf_tproxy_laddr4, nf_tproxy_get_sock_v4).
func (f *flow) transparentSocket(a netip.Addr, port uint16) bool {
	src, dst := f.ends()
	proto := f.c.Transport.Proto
	if st, ok := f.s.streams[streamKey{dst, src}]; ok && proto == netfilter.ProtoTCP {
		return st.owner.Transparent
	}
	if s := f.s.socketFor(proto, src, dst, f.in.name); s != nil && s.Remote.IsValid() {
		return s.Owner.Transparent
	}
	if a.IsUnspecified() {
		a = dst.Addr()
		if own, ok := f.s.node.fib.RedirectAddr(f.in.index, a); ok {
			a = own
		}
	}
	s := f.s.socketFor(proto, src, netip.AddrPortFrom(a, port), f.in.name)
	return s != nil && !s.Remote.IsValid() && s.Owner.Transparent
}

// ParameterProblem implements netfilter.Detours.
func (f *flow) ParameterProblem(_ *netfilter.Context, offset uint32) {
	f.sendError(icmpError{typ: icmp6ParamProblem, rest: offset})
}

// AnswerSYN implements netfilter.Detours. The sequence number of the answer is
// the kernel's secret; here it is a hash of the packet's ends. What follows the
// client's confirmation is not modelled (net/netfilter/nf_synproxy_core.c,
// synproxy_send_client_synack).
func (f *flow) AnswerSYN(c *netfilter.Context, s netfilter.SynProxy) netfilter.Verdict {
	if !f.checksumOK(c.Transport) {
		return netfilter.Drop
	}
	tcp := f.pkt.Wire()[c.Transport.Offset:]
	if netfilter.TCPFlags(tcp[13])&netfilter.SYN == 0 {
		f.Fail(c, errors.New("SYNPROXY: what follows the first answer is not modelled"))
		return netfilter.Drop
	}
	spec := netfilter.PacketSpec{Src: f.pkt.Dst(), Dst: f.pkt.Src(), Proto: netfilter.ProtoTCP, DontFragment: true,
		SrcPort: binary.BigEndian.Uint16(tcp[2:]), DstPort: binary.BigEndian.Uint16(tcp),
		Seq: cookie(&f.pkt, tcp), Ack: binary.BigEndian.Uint32(tcp[4:]) + 1, Flags: netfilter.SYN | netfilter.ACK}
	o := offered(tcp)
	const both = netfilter.ECE | netfilter.CWR
	if s.ECN && s.Timestamp && o.timestamp && netfilter.TCPFlags(tcp[13])&both == both {
		spec.Flags |= netfilter.ECE
	}
	spec.TCPOptions = o.answer(s, f.s.now)
	f.reply(spec, attachNone)
	return netfilter.Stolen
}

// cookie returns a sequence number that depends on the packet's ends.
func cookie(p *netfilter.Packet, tcp []byte) uint32 {
	h := fnv.New32a()
	src, dst := p.Src().As16(), p.Dst().As16()
	for _, b := range [][]byte{src[:], dst[:], tcp[:8]} {
		_, _ = h.Write(b) // never fails
	}
	return h.Sum32()
}

// offer is what a client offers in its SYN.
type offer struct {
	mss, sack, timestamp bool
	wscale               bool
	tsval                uint32
}

// offered reads the options of a SYN whose header is whole
// (synproxy_parse_options).
func offered(tcp []byte) (o offer) {
	opts := tcp[20 : int(tcp[12]>>4)*4]
	for len(opts) > 0 && opts[0] != 0 {
		if opts[0] == 1 {
			opts = opts[1:]
			continue
		}
		if len(opts) < 2 || opts[1] < 2 || int(opts[1]) > len(opts) {
			break
		}
		switch n := opts[1]; {
		case opts[0] == 2 && n == 4:
			o.mss = true
		case opts[0] == 3 && n == 3:
			o.wscale = true
		case opts[0] == 4 && n == 2:
			o.sack = true
		case opts[0] == 8 && n == 10:
			o.timestamp, o.tsval = true, binary.BigEndian.Uint32(opts[2:])
		}
		opts = opts[opts[1]:]
	}
	return o
}

// answer returns the options of the SYN-ACK: those that both sides know, and all
// but the segment size only beside a timestamp, which carries them
// (synproxy_build_options, synproxy_init_timestamp_cookie).
func (o offer) answer(s netfilter.SynProxy, now time.Time) (b []byte) {
	if o.mss && s.HasMSS {
		b = binary.BigEndian.AppendUint16(append(b, 2, 4), s.MSS)
	}
	if !o.timestamp || !s.Timestamp {
		return b
	}
	if o.sack && s.SACK {
		b = append(b, 4, 2, 8, 10)
	} else {
		b = append(b, 1, 1, 8, 10)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(now.UnixMilli())&^0x3f)
	b = binary.BigEndian.AppendUint32(b, o.tsval)
	if o.wscale && s.HasWScale {
		b = append(b, 1, 3, 3, s.WScale)
	}
	return b
}
