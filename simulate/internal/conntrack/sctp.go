package conntrack

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// sctpConn is the state of the SCTP tracker (struct ip_ct_sctp).
type sctpConn struct {
	state SCTPState
	tags  [2]uint32 // verification tag of packets by direction; 0: not known yet
	inits [2]bool   // an INIT was seen in the direction since the last COOKIE ACK
	// A HEARTBEAT with a wrong tag was accepted in the direction failedDir.
	failed    bool
	failedDir netfilter.Direction
}

// SCTP returns the tracker state of an SCTP connection with unknown tags, for use
// with Add.
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

// sctpPacket is a packet as parsed by the tracker.
type sctpPacket struct {
	tag    uint32
	chunks []byte
	seen   [256]bool // by chunk type: the packet has such a chunk
}

// sctpChunk is a chunk and the rest of the packet after it.
type sctpChunk []byte

func (c sctpChunk) kind() byte { return c[0] }

// reflects reports the T flag: the tag is that of the opposite direction.
func (c sctpChunk) reflects() bool { return c[1]&1 != 0 }

// opensTag returns the initiate tag of an INIT or INIT ACK; false if the chunk is
// truncated.
func (c sctpChunk) opensTag() (uint32, bool) {
	const header, init = 4, 16
	if len(c) < header+init {
		return 0, false
	}
	return binary.BigEndian.Uint32(c[header:]), true
}

// each calls f for the chunks until it returns false. The last chunk may be truncated,
// but not its header. A chunk of length 0 ends the packet.
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

// read parses the packet; it returns what is wrong if the packet is truncated, the
// checksum is wrong or the combination of chunks is invalid, else ""
// (nf_conntrack_proto_sctp.c, sctp_error and do_basic_checks).
func (p *sctpPacket) read(t *Table, s *segment) (fault string) {
	const header, sum = 12, 8
	b := s.body()
	switch {
	case len(b) < header:
		return cutHeader
	case t.checks(s) && binary.LittleEndian.Uint32(b[sum:]) != packet.SCTPChecksum(b):
		return badChecksum
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
	switch {
	case chunks == 0:
		return "it has no chunk"
	case !ok:
		return "no packet has this combination of chunks"
	}
	return ""
}

// openSCTP returns the state of a new connection with the first packet p; nil if p cannot
// be the first packet of a connection (sctp_new).
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

// tagged reports whether the verification tag is checked for the whole packet;
// otherwise it is checked for each chunk by its type.
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

// sctpPacket processes a packet (nf_conntrack_sctp_packet).
func (t *Table) sctpPacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	var p sctpPacket
	if fault := p.read(t, s); fault != "" {
		return t.refuse(fault)
	}
	confirmed := c.Status&netfilter.ConnConfirmed != 0
	if !confirmed {
		k := openSCTP(&p)
		if k == nil {
			return t.refuse("no association is known, and none begins with these chunks")
		}
		c.Proto = k
	}
	k, dir := sctpOf(c), rel.Direction()
	if p.tagged() && p.tag != k.tags[dir] {
		return t.refuse(wrongTag)
	}
	// The timeout is that of the new state after the last chunk. If all chunks were
	// skipped, the kernel uses that of SCTP_CONNTRACK_NONE.
	w := sctpWalk{k: k, p: &p, dir: dir, confirmed: confirmed}
	ok := true
	p.each(func(_ int, chunk sctpChunk) bool {
		ok = w.chunk(c, chunk)
		return ok
	})
	switch {
	case !ok:
		t.refusal = w.refusal
		return invalid
	case !w.quiet:
		t.refresh(c, rel, s, t.timeouts(c).SCTP[w.led])
	}
	return accept
}

// sctpWalk processes the chunks of a packet.
type sctpWalk struct {
	k         *sctpConn
	p         *sctpPacket
	dir       netfilter.Direction
	confirmed bool
	led       SCTPState // new state after the latest chunk
	quiet     bool      // the packet is accepted but does not refresh the timeout
	refusal   Refusal   // why a chunk makes the packet invalid
}

const wrongTag = "its verification tag is not that of the association"

// chunk processes a chunk and updates the state; it returns false if the chunk makes the
// packet invalid. The effects of earlier chunks remain.
func (w *sctpWalk) chunk(c *netfilter.Conn, chunk sctpChunk) bool {
	k := w.k
	switch w.tag(chunk) {
	case tagWrong:
		w.refusal = Refusal{why: wrongTag}
		return false
	case tagForgiven:
		w.quiet = true
		return true
	}
	old := k.state
	w.led = next(w.dir, old, chunk.kind())
	if w.led == sctpInvalid {
		w.refusal = Refusal{"no packet with this chunk comes this way in the state", old.String()}
		return false
	}
	switch chunk.kind() {
	case chunkCookieAck:
		k.inits = [2]bool{}
	case chunkInit, chunkInitAck:
		if !w.agree(chunk, old) {
			w.refusal = Refusal{why: "its initiate tag is missing or not that of the association"}
			return false
		}
	}
	k.state = w.led
	if old != w.led && w.led == SCTPEstablished {
		c.Status |= netfilter.ConnAssured
	}
	return true
}

// agree stores the initiate tag of an INIT or INIT ACK; it returns false for a truncated
// chunk, and for an INIT ACK with a tag other than the known one that does not belong to
// the current handshake.
func (w *sctpWalk) agree(chunk sctpChunk, old SCTPState) bool {
	k, here, there := w.k, w.dir, 1-w.dir
	tag, ok := chunk.opensTag()
	if !ok {
		return false
	}
	known := k.tags[there]
	if chunk.kind() == chunkInit {
		// A chunk with the tag that is already known is delayed or retransmitted.
		if old == SCTPNone || tag != known {
			k.inits[there] = k.inits[there] && !k.inits[here]
			k.inits[here] = true
		}
		// A retransmitted INIT does not refresh the timeout.
		w.quiet = w.quiet || old == SCTPClosed && w.led == SCTPClosed && w.confirmed
	} else if tag != known && (!k.inits[there] && known != 0 || k.inits[here] && k.inits[there]) {
		return false
	}
	k.tags[there] = tag
	return true
}

// sctpTag is the result of the check of the verification tag for a chunk.
type sctpTag uint8

const (
	tagRight sctpTag = iota
	tagWrong
	tagForgiven // the chunk is skipped
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

// heartbeat checks the tag of a HEARTBEAT or its ACK, from which the tag of a new path
// is learned: from the first HEARTBEAT, or when a HEARTBEAT with a wrong tag is
// acknowledged.
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
