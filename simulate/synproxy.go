package simulate

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// AnswerSYN implements netfilter.Detours. The sequence number of the answer is
// the kernel's secret; here it is a hash of the packet's ends (net/netfilter/
// nf_synproxy_core.c, synproxy_send_client_synack; net/ipv4/netfilter/
// ipt_SYNPROXY.c, synproxy_tg4).
func (f *flow) AnswerSYN(c *netfilter.Context, s netfilter.SynProxy) netfilter.Verdict {
	if !f.checksumOK(c.Transport) {
		return netfilter.Drop
	}
	header := packet.TCPSegment(f.pkt.Wire()[c.Transport.Offset:])
	o := tcp.ReadOptions(header)
	if header.Flags()&packet.SYN == 0 {
		return f.confirmOpening(header, o, header.Seq())
	}
	const both = packet.ECE | packet.CWR
	o.ECN = header.Flags()&both == both
	given := o.Restrict(s, f.s.now.UnixMilli())
	flags := packet.SYN | packet.ACK
	if given.ECN {
		flags |= packet.ECE
	}
	f.sendProxied(proxied{from: f.pkt.Dst(), to: f.pkt.Src(), header: exchanged(header), flags: flags,
		seq: f.cookie(header, header.Seq(), o.MSS), ack: header.Seq() + 1, options: given}, attachReply)
	return netfilter.Stolen
}

// confirmOpening takes a client's confirmation and opens the connection to the
// server in its name; it drops one that confirms nothing. seq is the number
// behind the client's SYN (synproxy_recv_client_ack, synproxy_send_server_syn).
func (f *flow) confirmOpening(header packet.TCPSegment, o tcp.Options, seq uint32) netfilter.Verdict {
	cookie := header.Ack() - 1
	sizes := cookieSizes[f.c.Family]
	size := cookie - f.cookieBase(header) - (seq - 1)
	if size >= uint32(len(sizes)) {
		return netfilter.Drop
	}
	o.MSS, o.HasMSS = sizes[size], true
	if o.Timestamp {
		o.Reveal()
	}
	flags := packet.SYN
	if o.ECN {
		flags |= packet.ECE | packet.CWR
	}
	f.sendProxied(proxied{from: f.pkt.Src(), to: f.pkt.Dst(), header: header, flags: flags, seq: seq - 1, ack: cookie,
		window: header.Window(), options: o}, attachProxied)
	return netfilter.Stolen
}

// synProxy stands in a connection that SYNPROXY opened: it confirms the server's
// answer in the client's place, tells the client that the server is there, and
// turns their numbers and times into each other's (net/netfilter/
// nf_synproxy_core.c, ipv4_synproxy_hook, ipv6_synproxy_hook).
func (f *flow) synProxy() netfilter.Verdict {
	c, t := f.c.Conn, f.pkt.Transport()
	if c == nil || !c.SynProxy.Active || f.onLoopback() || t.Proto != packet.ProtoTCP {
		return netfilter.Accept
	}
	header, ok := packet.ReadTCP(f.pkt.From(t))
	if !ok {
		return netfilter.Drop
	}
	flags, p := header.Flags(), &c.SynProxy
	dir := f.c.CTState.Direction()
	const opening = packet.SYN | packet.ACK
	switch state := conntrack.StateOfTCP(c); {
	case state == conntrack.TCPClose && flags&packet.RST != 0 && dir == netfilter.DirReply:
		conntrack.AdjustSeq(c, dir, p.ISN-header.Seq()+1)
	case state == conntrack.TCPSynSent, state == conntrack.TCPClose && flags&opening == packet.SYN && dir == netfilter.DirOriginal:
		o := tcp.ReadOptions(header)
		if flags&opening == packet.ACK && dir == netfilter.DirOriginal {
			return f.confirmOpening(header, o, header.Seq()+1) // a keep-alive
		}
		p.ISN = header.Ack()
		if o.Timestamp {
			p.InitialTimestamp = o.TSEcr
		}
		if state == conntrack.TCPClose {
			p.TimestampOffset = 0 // opened again
		}
	case state == conntrack.TCPSynRecv && flags&opening == opening:
		return f.joinEnds(header, tcp.ReadOptions(header))
	}
	f.adjustTimes(t, header, dir)
	return netfilter.Accept
}

// joinEnds confirms the server's answer to it, and passes it on to the client as
// news of the server's window (synproxy_send_server_ack,
// synproxy_send_client_ack).
func (f *flow) joinEnds(header packet.TCPSegment, o tcp.Options) netfilter.Verdict {
	c := f.c.Conn
	if o.Timestamp {
		c.SynProxy.TimestampOffset = o.TSVal - c.SynProxy.InitialTimestamp
	}
	o.HasMSS, o.HasScale, o.SACK = false, false, false
	back := o
	back.TSVal, back.TSEcr = o.TSEcr, o.TSVal
	f.sendProxied(proxied{from: f.pkt.Dst(), to: f.pkt.Src(), header: exchanged(header), flags: packet.ACK, seq: header.Ack(), ack: header.Seq() + 1,
		window: uint16(conntrack.WidestWindow(c, netfilter.DirOriginal)), options: back}, attachFresh)
	conntrack.AdjustSeq(c, f.c.CTState.Direction(), c.SynProxy.ISN-header.Seq())
	f.sendProxied(proxied{from: f.pkt.Src(), to: f.pkt.Dst(), header: header, flags: packet.ACK, seq: header.Seq() + 1, ack: header.Ack(),
		window: header.Window() >> o.Scale, options: o}, attachReply)
	return netfilter.Stolen
}

// proxied is what SYNPROXY sends; its ports are those of header.
type proxied struct {
	from, to netip.Addr
	header   []byte
	flags    packet.TCPFlags
	seq, ack uint32
	window   uint16
	options  tcp.Options
}

// sendProxied sends a segment without a socket, its checksum left to the link
// (synproxy_build_ip, synproxy_send_tcp).
func (f *flow) sendProxied(s proxied, a attachment) {
	p, err := packet.Spec{Src: s.from, Dst: s.to, Proto: packet.ProtoTCP, TTL: 64, DontFragment: true, Literal: true,
		SrcPort: binary.BigEndian.Uint16(s.header), DstPort: binary.BigEndian.Uint16(s.header[2:]),
		Seq: s.seq, Ack: s.ack, Flags: s.flags, Window: s.window, TCPOptions: s.options.Append(nil)}.Build()
	if err != nil {
		return
	}
	p.OffloadChecksum()
	f.replyPacket(p, a)
}

// cookieSizes are the segment sizes that a cookie can tell (net/ipv4/
// syncookies.c, msstab; net/ipv6/syncookies.c, msstab).
var cookieSizes = [2][4]uint16{netfilter.IPv4: {536, 1300, 1440, 1460}, netfilter.IPv6: {frag.MinMTU6 - 60, 1480 - 60, 1500 - 60, 9000 - 60}}

// cookieBase is what a number for a client counts from: a hash of the ends.
func (f *flow) cookieBase(header packet.TCPSegment) uint32 {
	h := fnv.New32a()
	src, dst := f.pkt.Src().As16(), f.pkt.Dst().As16()
	for _, b := range [][]byte{src[:], dst[:], header[:4]} {
		_, _ = h.Write(b) // never fails
	}
	return h.Sum32()
}

// cookie returns the sequence number for a client. It tells the number of its SYN,
// and which of the sizes is the largest that is not beyond its own
// (net/ipv4/syncookies.c, secure_tcp_syn_cookie).
func (f *flow) cookie(header packet.TCPSegment, seq uint32, mss uint16) uint32 {
	sizes := cookieSizes[f.c.Family]
	i := len(sizes) - 1
	for i > 0 && sizes[i] > mss {
		i--
	}
	return f.cookieBase(header) + seq + uint32(i)
}

// exchanged returns a TCP header's ports in the other order.
func exchanged(header packet.TCPSegment) []byte {
	return []byte{header[2], header[3], header[0], header[1]}
}
