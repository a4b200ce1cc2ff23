package conntrack

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// sctpConn is the memory of the SCTP tracker (struct ip_ct_sctp).
type sctpConn struct {
	state SCTPState
	tags  [2]uint32 // verification tag of packets by direction; 0: not known yet
	inits [2]bool   // an INIT came in the direction since the last COOKIE ACK
	// A heartbeat with a wrong tag was let pass in the direction failedDir.
	failed    bool
	failedDir netfilter.Direction
}

// SCTP returns the tracker state of an SCTP connection whose tags are not
// known, for connections that are given to Add.
func SCTP(s SCTPState) netfilter.ConnProto { return &sctpConn{state: s} }

// String returns the name of the state.
func (k *sctpConn) String() string { return k.state.String() }

// Clone returns an independent copy.
func (k *sctpConn) Clone() netfilter.ConnProto {
	c := *k
	return &c
}

func sctpOf(c *netfilter.Conn) *sctpConn {
	k, ok := c.Proto.(*sctpConn)
	if !ok {
		k = &sctpConn{state: SCTPEstablished}
		c.Proto = k
	}
	return k
}

// sctpPacket is what the tracker reads of a packet.
type sctpPacket struct {
	tag    uint32
	chunks []byte
	seen   [256]bool // the kinds of chunks in it
}

// sctpChunk is a chunk with all that follows it.
type sctpChunk []byte

func (c sctpChunk) kind() byte { return c[0] }

// reflects reports the T flag: the tag is the one of the other direction.
func (c sctpChunk) reflects() bool { return c[1]&1 != 0 }

// opensTag returns the tag that an INIT or INIT ACK asks for; false if the
// chunk is cut short.
func (c sctpChunk) opensTag() (uint32, bool) {
	const header, init = 4, 16
	if len(c) < header+init {
		return 0, false
	}
	return binary.BigEndian.Uint32(c[header:]), true
}

// each calls f for the chunks until it returns false; the last one may be cut
// short, but not its header. A chunk without length ends the packet.
func (p *sctpPacket) each(f func(n int, c sctpChunk) bool) {
	b := p.chunks
	for n := 0; len(b) >= 4 && f(n, sctpChunk(b)); n++ {
		size := (int(binary.BigEndian.Uint16(b[2:])) + 3) &^ 3
		if size == 0 || size >= len(b) {
			return
		}
		b = b[size:]
	}
}

// read takes the packet apart; false if it is cut short, the checksum is wrong
// or the chunks cannot come together (nf_conntrack_proto_sctp.c, sctp_error and
// do_basic_checks).
func (p *sctpPacket) read(t *Table, s *segment) bool {
	const header, sum = 12, 8
	b := s.body()
	if len(b) < header || t.checks(s) && binary.LittleEndian.Uint32(b[sum:]) != packet.SCTPChecksum(b) {
		return false
	}
	p.tag, p.chunks = binary.BigEndian.Uint32(b[4:]), b[header:]
	alone, chunks, ok := false, 0, true
	p.each(func(n int, c sctpChunk) bool {
		chunks++
		switch c.kind() {
		case chunkInit, chunkInitAck, chunkShutdownComplete:
			alone = true
		}
		first := alone || c.kind() == chunkCookieAck || c.kind() == chunkCookieEcho
		if first && n > 0 || binary.BigEndian.Uint16(c[2:]) == 0 {
			ok = false
		}
		p.seen[c.kind()] = true
		return ok
	})
	return ok && chunks > 0
}

// openSCTP begins a connection with its first packet; nil if it cannot begin so
// (sctp_new).
func openSCTP(p *sctpPacket) *sctpConn {
	if p.seen[chunkAbort] || p.seen[chunkShutdownComplete] || p.seen[chunkCookieAck] {
		return nil
	}
	const o, r = netfilter.DirOriginal, netfilter.DirReply
	k := &sctpConn{}
	ok := true
	p.each(func(_ int, c sctpChunk) bool {
		switch next := next(o, SCTPNone, c.kind()); {
		case next == SCTPNone || next == sctpInvalid:
			ok = false
		case c.kind() == chunkInit:
			k.tags[r], ok = c.opensTag()
			ok = ok && p.tag == 0
		case c.kind() == chunkHeartbeat:
			k.tags[o] = p.tag
		case c.kind() == chunkShutdownAck:
			k.tags[r] = p.tag
		}
		return ok
	})
	if !ok {
		return nil
	}
	return k
}

func next(d netfilter.Direction, s SCTPState, chunk byte) SCTPState {
	if int(chunk) >= numSCTPChunks {
		return s
	}
	return sctpNext[d][chunk][s]
}

// tagged reports whether the tag must be right for the packet as a whole;
// otherwise its chunks decide.
func (p *sctpPacket) tagged() bool {
	for _, kind := range []byte{
		chunkInit, chunkShutdownComplete, chunkCookieEcho, chunkAbort, chunkShutdownAck, chunkHeartbeat, chunkHeartbeatAck,
	} {
		if p.seen[kind] {
			return false
		}
	}
	return true
}

// sctpPacket judges a packet (nf_conntrack_sctp_packet).
func (t *Table) sctpPacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	var p sctpPacket
	if !p.read(t, s) {
		return invalid
	}
	confirmed := c.Status&netfilter.ConnConfirmed != 0
	if !confirmed {
		k := openSCTP(&p)
		if k == nil {
			return invalid
		}
		c.Proto = k
	}
	k, dir := sctpOf(c), rel.Direction()
	if p.tagged() && p.tag != k.tags[dir] {
		return invalid
	}
	// The timeout is that of the state which the last chunk led to; the kernel
	// has state NONE for a packet whose chunks were all passed over.
	w := sctpWalk{k: k, p: &p, dir: dir, confirmed: confirmed}
	ok := true
	p.each(func(_ int, chunk sctpChunk) bool {
		ok = w.chunk(c, chunk)
		return ok
	})
	switch {
	case !ok:
		return invalid
	case !w.quiet:
		t.refresh(c, rel, s, t.timeouts(c).SCTP[w.led])
	}
	return accept
}

// sctpWalk goes through the chunks of a packet.
type sctpWalk struct {
	k         *sctpConn
	p         *sctpPacket
	dir       netfilter.Direction
	confirmed bool
	led       SCTPState // where the latest chunk led
	quiet     bool      // the packet passes but does not renew the timeout
}

// chunk judges a chunk and moves the connection on; false if it makes the
// packet invalid. What the chunks before it changed remains.
func (w *sctpWalk) chunk(c *netfilter.Conn, chunk sctpChunk) bool {
	k := w.k
	switch w.tag(chunk) {
	case tagWrong:
		return false
	case tagForgiven:
		w.quiet = true
		return true
	}
	old := k.state
	w.led = next(w.dir, old, chunk.kind())
	if w.led == sctpInvalid {
		return false
	}
	switch chunk.kind() {
	case chunkCookieAck:
		k.inits = [2]bool{}
	case chunkInit, chunkInitAck:
		if !w.agree(chunk, old) {
			return false
		}
	}
	k.state = w.led
	if old != w.led && w.led == SCTPEstablished {
		c.Status |= netfilter.ConnAssured
	}
	return true
}

// agree notes the tag that an INIT or INIT ACK asks for; false if it is a late
// one, from before both ends opened at the same time.
func (w *sctpWalk) agree(chunk sctpChunk, old SCTPState) bool {
	k, here, there := w.k, w.dir, 1-w.dir
	tag, ok := chunk.opensTag()
	if !ok {
		return false
	}
	known := k.tags[there]
	if chunk.kind() == chunkInit {
		// One that asks for the tag already agreed on is old or repeated.
		if old == SCTPNone || tag != known {
			k.inits[there] = k.inits[there] && !k.inits[here]
			k.inits[here] = true
		}
		// A repeated INIT does not keep the entry alive.
		w.quiet = w.quiet || old == SCTPClosed && w.led == SCTPClosed && w.confirmed
	} else if tag != known && (!k.inits[there] && known != 0 || k.inits[here] && k.inits[there]) {
		return false
	}
	k.tags[there] = tag
	return true
}

// sctpTag says what the tag of the packet means for a chunk.
type sctpTag uint8

const (
	tagRight sctpTag = iota
	tagWrong
	tagForgiven // the chunk is passed over
)

func tagIf(right bool) sctpTag {
	if right {
		return tagRight
	}
	return tagWrong
}

// tag checks the verification tag for a chunk (RFC 4960, 8.5.1).
func (w *sctpWalk) tag(chunk sctpChunk) sctpTag {
	own, others := w.k.tags[w.dir], w.k.tags[1-w.dir]
	switch chunk.kind() {
	case chunkInit:
		return tagIf(w.p.tag == 0)
	case chunkAbort, chunkShutdownComplete:
		if chunk.reflects() {
			own = others
		}
		return tagIf(w.p.tag == own)
	case chunkCookieEcho:
		return tagIf(w.p.tag == own)
	case chunkHeartbeat, chunkHeartbeatAck:
		return w.heartbeat(chunk)
	}
	return tagRight
}

// heartbeat lets the tag of a path be learned: from its first heartbeat, or
// when one end answers a heartbeat whose tag was wrong.
func (w *sctpWalk) heartbeat(chunk sctpChunk) sctpTag {
	k := w.k
	switch {
	case k.tags[w.dir] == 0:
		k.tags[w.dir] = w.p.tag
		return tagRight
	case k.tags[w.dir] == w.p.tag:
		k.failed = false
		return tagRight
	case w.p.seen[chunkData] || w.quiet:
		return tagWrong
	case chunk.kind() == chunkHeartbeat:
		k.failed, k.failedDir = true, w.dir
		return tagForgiven
	case !k.failed || k.failedDir == w.dir:
		return tagWrong
	}
	k.failed = false
	k.tags[w.dir], k.tags[1-w.dir] = w.p.tag, 0
	return tagRight
}
