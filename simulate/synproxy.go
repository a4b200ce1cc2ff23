package simulate

import (
	"encoding/binary"
	"hash/fnv"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// AnswerSYN implements netfilter.Detours. The sequence number of the answer is
// the kernel's secret; here it is a hash of the packet's ends (net/netfilter/
// nf_synproxy_core.c, synproxy_send_client_synack; net/ipv4/netfilter/
// ipt_SYNPROXY.c, synproxy_tg4).
func (f *flow) AnswerSYN(c *netfilter.Context, s netfilter.SynProxy) netfilter.Verdict {
	if !f.checksumOK(c.Transport) {
		return netfilter.Drop
	}
	tcp := f.pkt.Wire()[c.Transport.Offset:]
	o := readSynOptions(tcp)
	if packet.TCPFlags(tcp[13])&packet.SYN == 0 {
		return f.confirmOpening(tcp, o, seqOf(tcp))
	}
	const both = packet.ECE | packet.CWR
	o.ecn = packet.TCPFlags(tcp[13])&both == both
	given := o.restrict(s, f.s.now.UnixMilli())
	flags := packet.SYN | packet.ACK
	if given.ecn {
		flags |= packet.ECE
	}
	f.sendProxied(proxied{from: f.pkt.Dst(), to: f.pkt.Src(), tcp: exchanged(tcp), flags: flags,
		seq: f.cookie(tcp, seqOf(tcp), o.mss), ack: seqOf(tcp) + 1, options: given}, attachReply)
	return netfilter.Stolen
}

// confirmOpening takes a client's confirmation and opens the connection to the
// server in its name; it drops one that confirms nothing. seq is the number
// behind the client's SYN (synproxy_recv_client_ack, synproxy_send_server_syn).
func (f *flow) confirmOpening(tcp []byte, o synOptions, seq uint32) netfilter.Verdict {
	cookie := ackOf(tcp) - 1
	sizes := cookieSizes[f.c.Family]
	size := cookie - f.cookieBase(tcp) - (seq - 1)
	if size >= uint32(len(sizes)) {
		return netfilter.Drop
	}
	o.mss, o.hasMSS = sizes[size], true
	if o.timestamp {
		o.reveal()
	}
	flags := packet.SYN
	if o.ecn {
		flags |= packet.ECE | packet.CWR
	}
	f.sendProxied(proxied{from: f.pkt.Src(), to: f.pkt.Dst(), tcp: tcp, flags: flags, seq: seq - 1, ack: cookie,
		window: windowOf(tcp), options: o}, attachProxied)
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
	tcp := f.pkt.From(t)
	if len(tcp) < 20 || int(tcp[12]>>4)*4 > len(tcp) || tcp[12]>>4 < 5 {
		return netfilter.Drop
	}
	flags, p := packet.TCPFlags(tcp[13]), &c.SynProxy
	dir := f.c.CTState.Direction()
	const opening = packet.SYN | packet.ACK
	switch state := conntrack.StateOfTCP(c); {
	case state == conntrack.TCPClose && flags&packet.RST != 0 && dir == netfilter.DirReply:
		conntrack.AdjustSeq(c, dir, p.ISN-seqOf(tcp)+1)
	case state == conntrack.TCPSynSent, state == conntrack.TCPClose && flags&opening == packet.SYN && dir == netfilter.DirOriginal:
		o := readSynOptions(tcp)
		if flags&opening == packet.ACK && dir == netfilter.DirOriginal {
			return f.confirmOpening(tcp, o, seqOf(tcp)+1) // a keep-alive
		}
		p.ISN = ackOf(tcp)
		if o.timestamp {
			p.InitialTimestamp = o.tsecr
		}
		if state == conntrack.TCPClose {
			p.TimestampOffset = 0 // opened again
		}
	case state == conntrack.TCPSynRecv && flags&opening == opening:
		return f.joinEnds(tcp, readSynOptions(tcp))
	}
	f.adjustTimes(t, tcp, dir)
	return netfilter.Accept
}

// joinEnds confirms the server's answer to it, and passes it on to the client as
// news of the server's window (synproxy_send_server_ack,
// synproxy_send_client_ack).
func (f *flow) joinEnds(tcp []byte, o synOptions) netfilter.Verdict {
	c := f.c.Conn
	if o.timestamp {
		c.SynProxy.TimestampOffset = o.tsval - c.SynProxy.InitialTimestamp
	}
	o.hasMSS, o.hasScale, o.sack = false, false, false
	back := o
	back.tsval, back.tsecr = o.tsecr, o.tsval
	f.sendProxied(proxied{from: f.pkt.Dst(), to: f.pkt.Src(), tcp: exchanged(tcp), flags: packet.ACK, seq: ackOf(tcp), ack: seqOf(tcp) + 1,
		window: uint16(conntrack.WidestWindow(c, netfilter.DirOriginal)), options: back}, attachFresh)
	conntrack.AdjustSeq(c, f.c.CTState.Direction(), c.SynProxy.ISN-seqOf(tcp))
	f.sendProxied(proxied{from: f.pkt.Src(), to: f.pkt.Dst(), tcp: tcp, flags: packet.ACK, seq: seqOf(tcp) + 1, ack: ackOf(tcp),
		window: windowOf(tcp) >> o.scale, options: o}, attachReply)
	return netfilter.Stolen
}

// proxied is what SYNPROXY sends; its ports are those of tcp.
type proxied struct {
	from, to netip.Addr
	tcp      []byte
	flags    packet.TCPFlags
	seq, ack uint32
	window   uint16
	options  synOptions
}

// sendProxied sends a segment without a socket, its checksum left to the link
// (synproxy_build_ip, synproxy_send_tcp).
func (f *flow) sendProxied(s proxied, a attachment) {
	p, err := packet.Spec{Src: s.from, Dst: s.to, Proto: packet.ProtoTCP, TTL: 64, DontFragment: true, Literal: true,
		SrcPort: binary.BigEndian.Uint16(s.tcp), DstPort: binary.BigEndian.Uint16(s.tcp[2:]),
		Seq: s.seq, Ack: s.ack, Flags: s.flags, Window: s.window, TCPOptions: s.options.append(nil)}.Build()
	if err != nil {
		return
	}
	p.OffloadChecksum()
	f.replyPacket(p, a)
}

// cookieSizes are the segment sizes that a cookie can tell (net/ipv4/
// syncookies.c, msstab; net/ipv6/syncookies.c, msstab).
var cookieSizes = [2][4]uint16{netfilter.IPv4: {536, 1300, 1440, 1460}, netfilter.IPv6: {leastMTU6 - 60, 1480 - 60, 1500 - 60, 9000 - 60}}

// cookieBase is what a number for a client counts from: a hash of the ends.
func (f *flow) cookieBase(tcp []byte) uint32 {
	h := fnv.New32a()
	src, dst := f.pkt.Src().As16(), f.pkt.Dst().As16()
	for _, b := range [][]byte{src[:], dst[:], tcp[:4]} {
		_, _ = h.Write(b) // never fails
	}
	return h.Sum32()
}

// cookie returns the sequence number for a client. It tells the number of its SYN,
// and which of the sizes is the largest that is not beyond its own
// (net/ipv4/syncookies.c, secure_tcp_syn_cookie).
func (f *flow) cookie(tcp []byte, seq uint32, mss uint16) uint32 {
	sizes := cookieSizes[f.c.Family]
	i := len(sizes) - 1
	for i > 0 && sizes[i] > mss {
		i--
	}
	return f.cookieBase(tcp) + seq + uint32(i)
}

func seqOf(tcp []byte) uint32    { return binary.BigEndian.Uint32(tcp[4:]) }
func ackOf(tcp []byte) uint32    { return binary.BigEndian.Uint32(tcp[8:]) }
func windowOf(tcp []byte) uint16 { return binary.BigEndian.Uint16(tcp[14:]) }

// exchanged returns a TCP header's ports in the other order.
func exchanged(tcp []byte) []byte { return []byte{tcp[2], tcp[3], tcp[0], tcp[1]} }
