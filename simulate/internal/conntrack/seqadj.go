package conntrack

import "github.com/packetpath/packetpath/netfilter"

// seqOffset returns what the sequence numbers of a direction are changed by
// (nf_conntrack_seqadj.c, nf_ct_seq_offset).
func seqOffset(c *netfilter.Conn, d netfilter.Direction) uint32 {
	if c.Status&netfilter.ConnSeqAdjust == 0 {
		return 0
	}
	return c.SeqOffset[d]
}

// AdjustSeq has the sequence numbers of a direction changed by an offset from now
// on; 0 changes nothing (nf_ct_seqadj_init).
func AdjustSeq(c *netfilter.Conn, d netfilter.Direction, offset uint32) {
	if offset == 0 {
		return
	}
	c.Status |= netfilter.ConnSeqAdjust
	c.SeqOffset[d] = offset
}

// StateOfTCP returns the state of a TCP connection.
func StateOfTCP(c *netfilter.Conn) TCPState { return tcpOf(c).state }

// WidestWindow returns the widest window that an end of a TCP connection offered.
func WidestWindow(c *netfilter.Conn, d netfilter.Direction) uint32 { return tcpOf(c).peers[d].maxWin }
