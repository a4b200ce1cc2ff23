package simulate

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// confirmOpening processes the client's ACK that completes the handshake: it sends a SYN
// to the server with the client's address if the SYN cookie is valid, and drops the ACK
// otherwise. seq is the sequence number after the client's SYN
// (synproxy_recv_client_ack, synproxy_send_server_syn).
func (tr *transit) confirmOpening(header packet.TCPSegment, o tcp.Options, seq uint32) netfilter.Verdict {
	cookie := header.Ack() - 1
	mss, ok := tcp.CheckCookie(tr.pkt.Src(), tr.pkt.Dst(), header, seq-1, cookie)
	if !ok {
		return netfilter.Drop
	}
	o.MSS, o.HasMSS = mss, true
	if o.Timestamp {
		o.Reveal()
	}
	flags := packet.SYN
	if o.ECN {
		flags |= packet.ECE | packet.CWR
	}
	tr.sendProxied(proxied{from: tr.pkt.Src(), to: tr.pkt.Dst(), header: header, flags: flags, seq: seq - 1, ack: cookie,
		window: header.Window(), options: o}, attachProxied)
	return netfilter.Stolen
}

// synProxy is the hook function for connections that SYNPROXY opened: it acknowledges
// the server's SYN ACK on behalf of the client, announces the server's window to the
// client, and translates sequence numbers and timestamps between both (net/netfilter/
// nf_synproxy_core.c, ipv4_synproxy_hook, ipv6_synproxy_hook).
func (tr *transit) synProxy() netfilter.Verdict {
	c, t := tr.c.Conn, tr.pkt.Transport()
	if c == nil || !c.SynProxy.Active || tr.onLoopback() || t.Proto != packet.ProtoTCP {
		return netfilter.Accept
	}
	header, ok := packet.ReadTCP(tr.pkt.From(t))
	if !ok {
		return netfilter.Drop
	}
	flags, p := header.Flags(), &c.SynProxy
	dir := tr.c.CTState.Direction()
	const opening = packet.SYN | packet.ACK
	switch state := conntrack.StateOfTCP(c); {
	case state == conntrack.TCPClose && flags&packet.RST != 0 && dir == netfilter.DirReply:
		conntrack.AdjustSeq(c, dir, p.ISN-header.Seq()+1)
	case state == conntrack.TCPSynSent, state == conntrack.TCPClose && flags&opening == packet.SYN && dir == netfilter.DirOriginal:
		o := tcp.ReadOptions(header)
		if flags&opening == packet.ACK && dir == netfilter.DirOriginal {
			return tr.confirmOpening(header, o, header.Seq()+1) // a keep-alive
		}
		p.ISN = header.Ack()
		if o.Timestamp {
			p.InitialTimestamp = o.TSEcr
		}
		if state == conntrack.TCPClose {
			p.TimestampOffset = 0 // the connection is reopened
		}
	case state == conntrack.TCPSynRecv && flags&opening == opening:
		return tr.joinEnds(header, tcp.ReadOptions(header))
	}
	tr.adjustTimes(t, header, dir)
	return netfilter.Accept
}

// joinEnds processes the server's SYN ACK: it sends an ACK to the server, and an ACK
// with the server's window to the client (synproxy_send_server_ack,
// synproxy_send_client_ack).
func (tr *transit) joinEnds(header packet.TCPSegment, o tcp.Options) netfilter.Verdict {
	c := tr.c.Conn
	if o.Timestamp {
		c.SynProxy.TimestampOffset = o.TSVal - c.SynProxy.InitialTimestamp
	}
	o.HasMSS, o.HasScale, o.SACK = false, false, false
	back := o
	back.TSVal, back.TSEcr = o.TSEcr, o.TSVal
	tr.sendProxied(proxied{from: tr.pkt.Dst(), to: tr.pkt.Src(), header: exchanged(header), flags: packet.ACK, seq: header.Ack(), ack: header.Seq() + 1,
		window: uint16(conntrack.WidestWindow(c, netfilter.DirOriginal)), options: back}, attachFresh)
	conntrack.AdjustSeq(c, tr.c.CTState.Direction(), c.SynProxy.ISN-header.Seq())
	tr.sendProxied(proxied{from: tr.pkt.Src(), to: tr.pkt.Dst(), header: header, flags: packet.ACK, seq: header.Seq() + 1, ack: header.Ack(),
		window: header.Window() >> o.Scale, options: o}, attachReply)
	return netfilter.Stolen
}

// proxied describes a segment that SYNPROXY sends, with the ports of header.
type proxied struct {
	from, to netip.Addr
	header   []byte
	flags    packet.TCPFlags
	seq, ack uint32
	window   uint16
	options  tcp.Options
}

// sendProxied sends a segment without a socket, with checksum offload
// (CHECKSUM_PARTIAL) (synproxy_build_ip, synproxy_send_tcp).
func (tr *transit) sendProxied(s proxied, a attachment) {
	p, err := packet.Spec{Src: s.from, Dst: s.to, Proto: packet.ProtoTCP, TTL: 64, DontFragment: true, Literal: true,
		SrcPort: binary.BigEndian.Uint16(s.header), DstPort: binary.BigEndian.Uint16(s.header[2:]),
		Seq: s.seq, Ack: s.ack, Flags: s.flags, Window: s.window, TCPOptions: s.options.Append(nil)}.Build()
	if err != nil {
		return
	}
	p.OffloadChecksum()
	tr.replyPacket(p, a, anyLink)
}

// exchanged returns the ports of a TCP header, swapped.
func exchanged(header packet.TCPSegment) []byte {
	return []byte{header[2], header[3], header[0], header[1]}
}

// onLoopback reports whether the packet was received on lo (include/net/netfilter/
// nf_conntrack.h, nf_is_loopback_packet).
func (tr *transit) onLoopback() bool { return tr.in != nil && tr.in.Loopback }

// adjustSeq translates the sequence numbers of a segment, including SACK blocks
// (net/netfilter/nf_conntrack_seqadj.c, nf_ct_seq_adjust, nf_ct_sack_adjust).
func (tr *transit) adjustSeq() {
	c := tr.c.Conn
	if c == nil || c.Status&netfilter.ConnSeqAdjust == 0 || tr.onLoopback() {
		return
	}
	t := tr.pkt.Transport()
	header, ok := packet.ReadTCP(tr.pkt.From(t))
	if t.Proto != packet.ProtoTCP || !ok {
		return
	}
	this, other := c.SeqOffset[tr.c.CTState.Direction()], c.SeqOffset[1-tr.c.CTState.Direction()]
	tr.addTo(t, 4, this)
	if header.Flags()&packet.ACK == 0 {
		return
	}
	tr.addTo(t, 8, -other)
	for o := range packet.WholeOptions(header.Options()) {
		if o.Kind == packet.TCPOptionSACK && o.Len >= 10 && (o.Len-2)%8 == 0 {
			at := packet.TCPHeaderLen + o.Offset
			for edge := at + 2; edge < at+o.Len; edge += 4 {
				tr.addTo(t, edge, -other)
			}
		}
	}
}

// addTo adds n to the 32-bit number at an offset of the TCP header.
func (tr *transit) addTo(t packet.Transport, at int, n uint32) {
	if n == 0 {
		return
	}
	v := binary.BigEndian.Uint32(tr.pkt.From(t)[at:]) + n
	tr.c.Edit().SetTCP(t.Offset, at, binary.BigEndian.AppendUint32(nil, v))
}

// adjustTimes translates the timestamps of the server for the client, and the echoed
// timestamps of the client for the server (nf_synproxy_core.c,
// synproxy_tstamp_adjust).
func (tr *transit) adjustTimes(t packet.Transport, header packet.TCPSegment, dir netfilter.Direction) {
	by := tr.c.Conn.SynProxy.TimestampOffset
	for o := range packet.WholeOptions(header.Options()) {
		at := packet.TCPHeaderLen + o.Offset
		switch {
		case o.Kind != packet.TCPOptionTimestamp || o.Len != 10:
			continue
		case dir == netfilter.DirReply:
			tr.addTo(t, at+2, -by)
		default:
			tr.addTo(t, at+6, by)
		}
		return
	}
}
