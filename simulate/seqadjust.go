package simulate

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// onLoopback reports that the packet came back by lo (include/net/netfilter/
// nf_conntrack.h, nf_is_loopback_packet).
func (tr *transit) onLoopback() bool { return tr.in != nil && tr.in.Loopback }

// adjustSeq turns the sequence numbers of one end into those that the other knows
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

// addTo adds to the number at an offset of the TCP header.
func (tr *transit) addTo(t packet.Transport, at int, n uint32) {
	if n == 0 {
		return
	}
	v := binary.BigEndian.Uint32(tr.pkt.From(t)[at:]) + n
	tr.c.Edit().SetTCP(t.Offset, at, binary.BigEndian.AppendUint32(nil, v))
}

// adjustTimes turns the timestamps of the server into those that the client knows,
// and what the client repeats of them back (nf_synproxy_core.c,
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
