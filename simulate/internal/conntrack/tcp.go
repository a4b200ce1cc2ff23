package conntrack

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcpConn is the state of the TCP tracker (struct ip_ct_tcp).
type tcpConn struct {
	peers   [2]tcpPeer // by the direction in which the peer sends
	state   TCPState
	repeats uint8 // retransmissions of the latest ACK

	// Fields of the latest segment within the window, or of the latest ignored one;
	// scale and flags are those of an ignored SYN.
	lastKind         tcpKind
	lastDir          netfilter.Direction
	lastSeq, lastAck uint32
	lastEnd, lastWin uint32
	lastScale        uint8
	lastFlags        tcpPeerFlags
}

// TCP returns the tracker state of a TCP connection with unknown windows, for use with
// Add.
func TCP(s TCPState) netfilter.ConnProto { return &tcpConn{state: s, lastKind: tcpNone} }

// String returns the name of the state.
func (k *tcpConn) String() string { return k.state.String() }

// Clone returns an independent copy.
func (k *tcpConn) Clone() netfilter.ConnProto {
	c := *k
	return &c
}

// tcpOf returns the tracker state; that of a connection without one is
// established with unknown windows.
func tcpOf(c *netfilter.Conn) *tcpConn {
	k, ok := c.Proto.(*tcpConn)
	if !ok {
		k = &tcpConn{state: TCPEstablished, lastKind: tcpNone}
		c.Proto = k
	}
	return k
}

// openTCP initializes a new connection with its first segment; it returns why that cannot
// be the first segment, "" if it can (tcp_new). A connection picked up after its handshake is
// tracked liberally (IP_CT_TCP_FLAG_BE_LIBERAL), because its window scale is unknown.
func (t *Table) openTCP(c *netfilter.Conn, h *tcpHeader) (fault string) {
	var k *tcpConn
	if own := t.handleOf(c); own != nil {
		k = &own.tcp
	} else {
		k = &tcpConn{}
	}
	*k = tcpConn{lastKind: tcpNone}
	from := &k.peers[netfilter.DirOriginal]
	from.end, from.maxEnd = h.end, h.end
	from.maxWin = max(h.win, 1)
	switch next := tcpNext[netfilter.DirOriginal][h.kind][TCPNone]; {
	case next == TCPSynSent:
		from.readOptions(h.options)
	case next >= NumTCPStates:
		return "no connection is known, and none begins with these TCP flags"
	case !t.cfg.TCPLoose:
		return "no connection is known, and none begins without a SYN (net.netfilter.nf_conntrack_tcp_loose=1 allows it)"
	default:
		from.maxEnd += from.maxWin
		for d := range k.peers {
			k.peers[d].flags = peerSackOK | peerLiberal
		}
	}
	c.Proto = k
	return ""
}

// tcpStep is the result of the state table and its exceptions for a segment.
type tcpStep struct {
	old, next TCPState
	skipCheck bool // the window is not checked
	done      bool // processing ends with action
	action    action
}

func done(a action) tcpStep { return tcpStep{done: true, action: a} }

// tcpPacket processes a segment (nf_conntrack_proto_tcp.c,
// nf_conntrack_tcp_packet).
func (t *Table) tcpPacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	h, fault := t.tcpHeader(s)
	if fault == "" && c.Status&netfilter.ConnConfirmed == 0 {
		fault = t.openTCP(c, &h)
	}
	if fault != "" {
		return t.refuse(fault)
	}
	k, dir := tcpOf(c), rel.Direction()
	step := k.step(t, c, dir, &h)
	if step.done {
		return step.action
	}
	if !step.skipCheck {
		switch k.window(t, dir, &h, seqOffset(c, 1-dir)) {
		case tcpPasses:
			return accept
		case tcpOutside:
			t.hastenClose(c, k, dir, &h)
			return t.refuse("its sequence or acknowledgement number is outside the window of the connection (net.netfilter.nf_conntrack_tcp_be_liberal=1 allows it)")
		}
	}
	k.lastKind, k.lastDir = h.kind, dir
	k.state = step.next
	if step.old != step.next && step.next == TCPFinWait {
		k.peers[dir].flags |= peerCloses
	}
	return t.tcpSeen(c, rel, s, &h, step)
}

// step looks up the new state for a segment, and handles the exceptions to the state
// table.
func (k *tcpConn) step(t *Table, c *netfilter.Conn, dir netfilter.Direction, h *tcpHeader) tcpStep {
	st := tcpStep{old: k.state, next: tcpNext[dir][h.kind][k.state]}
	switch st.next {
	case TCPSynSent:
		if st.old < TCPTimeWait {
			return st
		}
		if (k.peers[0].flags|k.peers[1].flags)&peerCloses != 0 || k.lastDir == dir && k.lastKind == tcpRst {
			return reopen(t, c)
		}
		return k.ignore(dir, h)
	case tcpIgnore:
		return k.ignore(dir, h)
	case tcpInvalid:
		t.refusal = Refusal{"no segment with these TCP flags comes this way in the state", st.old.String()}
		return done(invalid)
	case TCPTimeWait:
		// The challenge ACK that answers a SYN does not acknowledge the last
		// FIN (RFC 5961).
		if st.old == TCPLastAck && h.kind == tcpAck && k.lastDir != dir && k.lastKind == tcpSyn && k.lastFlags&peerChallenge != 0 {
			k.lastFlags &^= peerChallenge
			return done(accept)
		}
	case TCPSynSent2:
		k.lastFlags |= peerSimOpen
	case TCPSynRecv:
		if dir == netfilter.DirReply && h.kind == tcpAck && k.lastFlags&peerSimOpen != 0 {
			st.next = TCPEstablished
		}
	case TCPClose:
		if h.kind == tcpRst {
			return k.reset(t, c, dir, h)
		}
	}
	return st
}

// reopen removes a closed connection that a SYN reopens.
func reopen(t *Table, c *netfilter.Conn) tcpStep {
	if t.Kill(c) {
		return done(repeat)
	}
	t.because("the closed connection that it opens again is being removed")
	return done(drop)
}

// ignore accepts a segment that is valid only if the state of the tracker is wrong, which
// the reply will show. A SYN/ACK in reply to an ignored SYN resynchronizes the tracker.
func (k *tcpConn) ignore(dir netfilter.Direction, h *tcpHeader) tcpStep {
	if h.kind == tcpSynAck && k.lastKind == tcpSyn && k.lastDir != dir && h.ack == k.lastEnd {
		k.lastFlags &^= peerChallenge
		p := &k.peers[k.lastDir]
		p.end, p.maxEnd = k.lastEnd, k.lastEnd
		p.maxWin = max(k.lastWin, 1)
		p.scale, p.flags = k.lastScale, k.lastFlags
		k.peers[dir] = tcpPeer{flags: k.peers[dir].flags & peerLiberal}
		return tcpStep{old: TCPSynSent, next: TCPSynRecv}
	}
	k.lastKind, k.lastDir = h.kind, dir
	k.lastSeq, k.lastEnd, k.lastWin = h.seq, h.end, h.win
	if h.kind == tcpSyn && dir == netfilter.DirOriginal {
		var p tcpPeer
		p.readOptions(h.options)
		k.lastScale, k.lastFlags = p.scale, p.flags&(peerScales|peerSackOK)
		if k.state == TCPLastAck {
			k.lastFlags |= peerChallenge
		}
	}
	if k.state == TCPSynSent && h.kind == tcpAck && dir == netfilter.DirReply {
		k.lastAck = h.ack
	}
	return done(accept)
}

// closing reports whether the connection is being closed or is closed, so that it may be
// dropped early (tcp_can_early_drop).
func (s TCPState) closing() bool { return s >= TCPFinWait && s <= TCPClose }

// reset processes an RST. An RST whose sequence number is not exactly the expected one
// does not change the state of an established connection, because the receiver may reply
// with a challenge ACK.
func (k *tcpConn) reset(t *Table, c *netfilter.Conn, dir netfilter.Direction, h *tcpHeader) tcpStep {
	st := tcpStep{old: k.state, next: TCPClose}
	if k.state.closing() {
		st.skipCheck = true
		return st
	}
	if other := &k.peers[1-dir]; other.flags&peerMaxAck != 0 && k.lastKind != tcpSyn {
		established := k.state == TCPEstablished && c.Status&netfilter.ConnAssured != 0
		switch {
		case h.seq == 0 && !established:
			return st
		case before(h.seq, other.maxAck) && !t.cfg.TCPIgnoreInvalidRST:
			t.because("the sequence number of the RST is before what was acknowledged (net.netfilter.nf_conntrack_tcp_ignore_invalid_rst=1 allows it)")
			return done(invalid)
		case !established, h.seq == other.maxAck:
			return st
		case k.lastKind == tcpAck && k.lastDir == dir && h.seq == k.lastEnd:
			return st
		}
		st.next = st.old
	}
	// An RST in reply to an ignored segment closes the connection regardless of its
	// sequence number.
	ignored := c.Status&netfilter.ConnSeenReply != 0 && k.lastKind == tcpSyn && k.lastDir != dir ||
		c.Status&netfilter.ConnAssured == 0 && k.lastKind == tcpAck
	challenged := k.state == TCPSynSent && k.lastKind == tcpAck && k.lastDir == netfilter.DirReply
	st.skipCheck = ignored && h.ack == k.lastEnd || challenged && h.seq == k.lastAck
	return st
}

// hastenClose reduces the timeout of a connection after segments outside the window have
// closed it from both directions (nf_tcp_handle_invalid).
func (t *Table) hastenClose(c *netfilter.Conn, k *tcpConn, dir netfilter.Direction, h *tcpHeader) {
	closes := func(kind tcpKind) bool { return kind == tcpFin || kind == tcpRst }
	if c.Status&netfilter.ConnAssured == 0 || c.Status&netfilter.ConnFixedTimeout != 0 || !closes(h.kind) {
		return
	}
	if k.lastDir == dir || !closes(k.lastKind) {
		k.lastKind, k.lastDir = h.kind, dir
		return
	}
	left := c.Expires.Sub(t.now)
	if unack := t.timeouts(c).TCPUnack; left >= 120*time.Second && left > unack {
		c.Expires = t.now.Add(unack)
	}
}

// tcpSeen processes a segment within the window: it refreshes the timeout, or removes a
// connection that was refused.
func (t *Table) tcpSeen(c *netfilter.Conn, rel netfilter.CTState, s *segment, h *tcpHeader, st tcpStep) action {
	k, to := tcpOf(c), t.timeouts(c)
	timeout := k.timeout(t, to, h)
	if c.Status&netfilter.ConnSeenReply == 0 {
		switch {
		case h.has(packet.RST):
			count(c, rel, s)
			t.Kill(c)
			return accept
		case h.kind == tcpSyn && st.old == TCPSynSent:
			return accept // frequent reuse of a port does not refresh the timeout
		case st.next == TCPEstablished:
			timeout = min(timeout, to.TCPUnack)
		}
	} else if st.next == TCPEstablished && (st.old == TCPSynRecv || st.old == TCPEstablished) {
		c.Status |= netfilter.ConnAssured
	}
	t.refresh(c, rel, s, timeout)
	return accept
}

// timeout returns the timeout of the connection after the segment h.
func (k *tcpConn) timeout(t *Table, to *Timeouts, h *tcpHeader) time.Duration {
	usual := to.TCP[k.state]
	switch {
	case int(k.repeats) >= t.cfg.TCPMaxRetrans && usual > to.TCPRetrans:
		return to.TCPRetrans
	case h.kind == tcpRst:
		return to.TCP[TCPClose]
	case (k.peers[0].flags|k.peers[1].flags)&peerUnacked != 0 && usual > to.TCPUnack:
		return to.TCPUnack
	case k.lastWin == 0 && usual > to.TCPRetrans:
		return to.TCPRetrans
	}
	return usual
}

// TCPStateOf returns the state of a TCP connection; TCPNone for one without
// tracker state.
func TCPStateOf(c *netfilter.Conn) TCPState {
	if k, ok := c.Proto.(*tcpConn); ok {
		return k.state
	}
	return TCPNone
}

// TCPAdvanced reports whether the opener of a new TCP connection sends higher
// sequence numbers than that of an old one (nf_nat_core.c,
// nf_seq_has_advanced).
func TCPAdvanced(old, fresh *netfilter.Conn) bool {
	const d = netfilter.DirOriginal
	a, okOld := old.Proto.(*tcpConn)
	b, okFresh := fresh.Proto.(*tcpConn)
	return okOld && okFresh && after(b.peers[d].end, a.peers[d].end)
}
