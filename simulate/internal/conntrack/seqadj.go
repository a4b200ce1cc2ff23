package conntrack

import "github.com/packetpath/packetpath/netfilter"

// seqOffset returns the offset that is added to the sequence numbers of a direction
// (nf_conntrack_seqadj.c, nf_ct_seq_offset).
func seqOffset(c *netfilter.Conn, d netfilter.Direction) uint32 {
	if c.Status&netfilter.ConnSeqAdjust == 0 {
		return 0
	}
	return c.SeqOffset[d]
}

// AdjustSeq sets the offset that is added to the sequence numbers of a direction; an
// offset of 0 is ignored (nf_ct_seqadj_init).
func AdjustSeq(c *netfilter.Conn, d netfilter.Direction, offset uint32) {
	if offset == 0 {
		return
	}
	c.Status |= netfilter.ConnSeqAdjust
	c.SeqOffset[d] = offset
}

// StateOfTCP returns the state of a TCP connection.
func StateOfTCP(c *netfilter.Conn) TCPState { return tcpOf(c).state }

// WidestWindow returns the largest window that the sender of a direction has advertised.
func WidestWindow(c *netfilter.Conn, d netfilter.Direction) uint32 { return tcpOf(c).peers[d].maxWin }
