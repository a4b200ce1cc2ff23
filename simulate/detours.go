package simulate

import (
	"encoding/binary"
	"errors"
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
	spec := netfilter.PacketSpec{Src: f.pkt.Dst(), Dst: f.pkt.Src(), Proto: netfilter.ProtoTCP, TTL: 64, DontFragment: true, Literal: true,
		SrcPort: binary.BigEndian.Uint16(tcp[2:]), DstPort: binary.BigEndian.Uint16(tcp),
		Seq: cookie(&f.pkt, tcp), Ack: binary.BigEndian.Uint32(tcp[4:]) + 1, Flags: netfilter.SYN | netfilter.ACK}
	o := offered(tcp)
	const both = netfilter.ECE | netfilter.CWR
	o.ecn = netfilter.TCPFlags(tcp[13])&both == both
	if s.ECN && s.Timestamp && o.timestamp && o.ecn {
		spec.Flags |= netfilter.ECE
	}
	spec.TCPOptions = o.answer(s, f.s.now)
	f.reply(spec, attachReply)
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

// maxScale is the largest scale of windows (RFC 7323).
const maxScale = 14

// offer is what a client offers in its SYN.
type offer struct {
	mss, sack, timestamp, ecn, wscale bool
	scale                             uint8 // of windows
	tsval                             uint32
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
			o.wscale, o.scale = true, min(opts[2], maxScale)
		case opts[0] == 4 && n == 2:
			o.sack = true
		case opts[0] == 8 && n == 10:
			o.timestamp, o.tsval = true, binary.BigEndian.Uint32(opts[2:])
		}
		opts = opts[opts[1]:]
	}
	return o
}

// hidden returns what the six lowest bits of the timestamp keep of the offer
// until the client confirms.
func (o offer) hidden(s netfilter.SynProxy) uint32 {
	const noScale, sack, ecn = 0xf, 1 << 4, 1 << 5
	v := uint32(noScale)
	if o.wscale && s.HasWScale {
		v = uint32(o.scale)
	}
	if o.sack && s.SACK {
		v |= sack
	}
	if o.ecn && s.ECN {
		v |= ecn
	}
	return v
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
	b = binary.BigEndian.AppendUint32(b, uint32(now.UnixMilli())&^0x3f|o.hidden(s))
	b = binary.BigEndian.AppendUint32(b, o.tsval)
	if o.wscale && s.HasWScale {
		b = append(b, 1, 3, 3, s.WScale)
	}
	return b
}
