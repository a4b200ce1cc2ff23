package conntrack

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpPeer is the tracker's state of one peer (struct ip_ct_tcp_state).
type tcpPeer struct {
	end    uint32 // highest sequence number it sent, plus 1 (td_end)
	maxEnd uint32 // highest sequence number that the other peer's window allows (td_maxend)
	maxWin uint32 // largest window it advertised; 0: the peer has not been seen (td_maxwin)
	maxAck uint32 // highest sequence number it acknowledged (td_maxack)
	scale  uint8  // window scale (td_scale)
	flags  tcpPeerFlags
}

// tcpPeerFlags are flags of one peer (IP_CT_TCP_FLAG_*).
type tcpPeerFlags uint8

const (
	peerScales    tcpPeerFlags = 1 << iota // sent the window scale option
	peerSackOK                             // sent the SACK permitted option
	peerCloses                             // closed first
	peerLiberal                            // its segments are never out of window
	peerUnacked                            // sent data that is not acknowledged yet
	peerMaxAck                             // maxAck is set
	peerChallenge                          // in tcpConn.lastFlags: a challenge ACK may follow
	peerSimOpen                            // in tcpConn.lastFlags: both peers sent a SYN
)

// readOptions sets window scale and SACK permitted from the options of a SYN; without
// options it does nothing (tcp_options).
func (p *tcpPeer) readOptions(options []byte) {
	if len(options) == 0 {
		return
	}
	p.scale = 0
	p.flags &= peerLiberal
	for o := range packet.WholeOptions(options) {
		switch {
		case o.Kind == packet.TCPOptionSACKPermitted && o.Len == 2:
			p.flags |= peerSackOK
		case o.Kind == packet.TCPOptionWindowScale && o.Len == 3:
			p.scale = min(o.Data()[0], tcpHighestScale)
			p.flags |= peerScales
		}
	}
}

// start initializes the peer from its SYN or SYN/ACK; windows are scaled only if both
// peers sent the option (tcp_init_sender).
func (p *tcpPeer) start(other *tcpPeer, h *tcpHeader, dir netfilter.Direction) {
	p.end, p.maxEnd = h.end, h.end
	p.maxWin = max(h.win, 1)
	p.readOptions(h.options)
	if dir == netfilter.DirReply && p.flags&other.flags&peerScales == 0 {
		p.scale, other.scale = 0, 0
	}
}

// pickUp initializes the peer from a segment of a connection whose handshake was not
// seen.
func (p *tcpPeer) pickUp(other *tcpPeer, h *tcpHeader, sack uint32) {
	p.end = h.end
	p.maxWin = max(h.win<<p.scale, 1)
	p.maxEnd = h.end + p.maxWin
	switch {
	case other.maxWin == 0:
		other.end, other.maxEnd = sack, sack
	case sack == other.end+1: // probably the reply to a keep-alive
		other.end++
	}
}

// tcpFit is the result of the window check.
type tcpFit uint8

const (
	tcpOutside tcpFit = iota // invalid
	tcpPasses                // accepted, but the state of the peers is not updated
	tcpFits
)

// window checks the sequence numbers of a segment against the windows of both peers and
// updates their state; offset is the sequence adjustment of the other direction
// (tcp_in_window).
func (k *tcpConn) window(t *Table, dir netfilter.Direction, h *tcpHeader, offset uint32) tcpFit {
	from, to := &k.peers[dir], &k.peers[1-dir]
	seq, ack, end := h.seq, h.ack, h.end
	sack := ack
	if to.flags&peerSackOK != 0 {
		sack = h.sackEdge()
	}
	ack, sack = ack-offset, sack-offset
	syn := h.has(packet.SYN)
	opening := syn && !h.has(packet.ACK)
	switch {
	case from.maxWin == 0 && syn:
		from.start(to, h, dir)
		if opening {
			return tcpFits
		}
	case from.maxWin == 0:
		from.pickUp(to, h, sack)
	case syn && after(end, from.end) && (k.state == TCPSynSent || k.state == TCPSynRecv):
		from.start(to, h, dir)
		if opening && dir == netfilter.DirReply {
			return tcpFits
		}
	}
	// Without ACK, and for an RST with acknowledgement number 0, which some stacks send,
	// the acknowledgement number is assumed to be valid.
	if !h.has(packet.ACK) || h.has(packet.RST) && ack == 0 {
		ack, sack = to.end, to.end
	}
	if h.has(packet.RST) && seq == 0 && k.state == TCPSynSent {
		seq, end = from.end, from.end
	}
	if fit := from.fits(to, seq, end, sack); fit != tcpFits {
		if from.flags&peerLiberal != 0 || t.cfg.TCPBeLiberal {
			return tcpFits
		}
		return fit
	}
	k.learn(dir, h, tcpNumbers{seq: seq, end: end, ack: ack, sack: sack})
	return tcpFits
}

// fits checks whether a segment is within the window: its data is neither beyond the
// receiver's window nor before the previously acknowledged window, and it does not
// acknowledge data that was not sent.
func (p *tcpPeer) fits(to *tcpPeer, seq, end, sack uint32) tcpFit {
	const lowestAckWindow = 66000
	ackWindow := max(p.maxWin, lowestAckWindow)
	notEarly := after(end, p.end-to.maxWin-1)
	ackNotOld := after(sack, to.end-ackWindow-1)
	ackNotAhead := before(sack, to.end+1)
	if !before(seq, p.maxEnd+1) {
		over := end - p.maxEnd + 1
		if to.maxWin == 0 || !notEarly || !ackNotOld || over > to.maxWin || !ackNotAhead {
			return tcpOutside
		}
		// The sender exceeded the window, but the receiver may acknowledge the data.
		p.end = end
		p.flags |= peerUnacked
		return tcpPasses
	}
	switch {
	case !ackNotAhead:
		return tcpOutside
	case to.maxWin != 0 && !notEarly, !ackNotOld:
		return tcpPasses
	}
	return tcpFits
}

// tcpNumbers are the sequence numbers of a segment, with assumed values for those that it
// lacks.
type tcpNumbers struct{ seq, end, ack, sack uint32 }

// learn updates both peers from a segment within the window.
func (k *tcpConn) learn(dir netfilter.Direction, h *tcpHeader, n tcpNumbers) {
	from, to := &k.peers[dir], &k.peers[1-dir]
	win := h.win
	if !h.has(packet.SYN) {
		win <<= from.scale
	}
	from.maxWin = max(from.maxWin, win+n.sack-n.ack)
	if after(n.end, from.end) {
		from.end = n.end
		from.flags |= peerUnacked
	}
	if h.has(packet.ACK) && (from.flags&peerMaxAck == 0 || after(n.ack, from.maxAck)) {
		from.maxAck = n.ack
		from.flags |= peerMaxAck
	}
	if to.maxWin != 0 && after(n.end, from.maxEnd) {
		to.maxWin += n.end - from.maxEnd
	}
	if after(n.sack+win, to.maxEnd-1) {
		to.maxEnd = n.sack + win
		if win == 0 {
			to.maxEnd++
		}
	}
	if n.ack == to.end {
		to.flags &^= peerUnacked
	}
	if h.kind == tcpAck {
		k.countRepeats(dir, h, n)
	}
}

// countRepeats counts consecutive retransmissions of the same ACK.
func (k *tcpConn) countRepeats(dir netfilter.Direction, h *tcpHeader, n tcpNumbers) {
	if k.lastDir == dir && k.lastSeq == n.seq && k.lastAck == n.ack && k.lastEnd == n.end && k.lastWin == h.win {
		k.repeats++
		return
	}
	k.lastDir, k.lastSeq, k.lastAck, k.lastEnd, k.lastWin = dir, n.seq, n.ack, n.end, h.win
	k.repeats = 0
}
