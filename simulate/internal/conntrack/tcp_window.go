package conntrack

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpPeer is what the tracker knows of one end (struct ip_ct_tcp_state).
type tcpPeer struct {
	end    uint32 // highest number it sent
	maxEnd uint32 // highest number the other end let it send
	maxWin uint32 // widest window it offered; 0: nothing is known of it
	maxAck uint32 // highest number it acknowledged
	scale  uint8  // shift of its windows
	flags  tcpPeerFlags
}

// tcpPeerFlags are flags of one end (IP_CT_TCP_FLAG_*).
type tcpPeerFlags uint8

const (
	peerScales    tcpPeerFlags = 1 << iota // sent the window scale option
	peerSackOK                             // sent the SACK permitted option
	peerCloses                             // closed first
	peerLiberal                            // its segments are never out of window
	peerUnacked                            // sent what is not acknowledged yet
	peerMaxAck                             // maxAck is set
	peerChallenge                          // in tcpConn.lastFlags: a challenge ACK may come
	peerSimOpen                            // in tcpConn.lastFlags: both ends sent a SYN
)

// readOptions takes scale and SACK from the options of a SYN; a header without
// options changes nothing (tcp_options).
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

// start takes over what a SYN or SYN/ACK says; windows are scaled only if both
// ends said so (tcp_init_sender).
func (p *tcpPeer) start(other *tcpPeer, h *tcpHeader, dir netfilter.Direction) {
	p.end, p.maxEnd = h.end, h.end
	p.maxWin = max(h.win, 1)
	p.readOptions(h.options)
	if dir == netfilter.DirReply && p.flags&other.flags&peerScales == 0 {
		p.scale, other.scale = 0, 0
	}
}

// pickUp guesses from a segment in the middle of a connection.
func (p *tcpPeer) pickUp(other *tcpPeer, h *tcpHeader, sack uint32) {
	p.end = h.end
	p.maxWin = max(h.win<<p.scale, 1)
	p.maxEnd = h.end + p.maxWin
	switch {
	case other.maxWin == 0:
		other.end, other.maxEnd = sack, sack
	case sack == other.end+1: // the answer to a keep-alive, probably
		other.end++
	}
}

// tcpFit says how a segment fits into the window.
type tcpFit uint8

const (
	tcpOutside tcpFit = iota // invalid
	tcpPasses                // not invalid, but the connection learns nothing
	tcpFits
)

// window judges a segment by the sequence numbers and windows of both ends,
// and learns from it; offset is what the other end's numbers were changed by on
// their way (tcp_in_window).
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
	// Without ACK, and with the zero of stacks that set it in every RST, the
	// acknowledgement is taken to be right.
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

// fits tells whether a segment is within the window: what it holds is neither
// beyond what the receiver allowed nor acknowledged long ago, and it
// acknowledges nothing that was not sent.
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
		// A sender that sent too much; its receiver may acknowledge it.
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

// tcpNumbers are the numbers of a segment, put right where it has none.
type tcpNumbers struct{ seq, end, ack, sack uint32 }

// learn updates both ends from a segment within the window.
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

// countRepeats counts how often the same ACK came in a row.
func (k *tcpConn) countRepeats(dir netfilter.Direction, h *tcpHeader, n tcpNumbers) {
	if k.lastDir == dir && k.lastSeq == n.seq && k.lastAck == n.ack && k.lastEnd == n.end && k.lastWin == h.win {
		k.repeats++
		return
	}
	k.lastDir, k.lastSeq, k.lastAck, k.lastEnd, k.lastWin = dir, n.seq, n.ack, n.end, h.win
	k.repeats = 0
}
