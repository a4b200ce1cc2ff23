package gen

import "time"

// Talk draws a case of whole conversations: they open, say things twice, close
// in every way, and go on when they should have ended.
func Talk(seed uint64, cfg Config) *Case {
	c, r := newCase("talk", seed, cfg.Family, func(r *Rand) string { return r.Ruleset(cfg) })
	r.talks(c, cfg.withDefaults().Packets/8+1, 0)
	return c
}

// Pause is how long PatientTalk lets time pass, twice. Timeouts that end in one
// pause must be shorter by a good deal, and those that do not, longer.
const Pause = 1500 * time.Millisecond

// PatientTalk is Talk with pauses: all conversations of the case open, pause, go
// on, pause, and close.
func PatientTalk(seed uint64, cfg Config) *Case {
	c, r := newCase("patient", seed, cfg.Family, func(r *Rand) string { return r.Ruleset(cfg) })
	r.talks(c, cfg.withDefaults().Packets/4+1, Pause)
	return c
}

// talks plans n conversations, phase by phase, with a pause ahead of each phase
// but the first.
func (r *Rand) talks(c *Case, n int, pause time.Duration) {
	const phases = 3
	starts := make([]int, n)
	for phase := range phases {
		wait := pause
		for i := range n {
			var steps []step
			if phase == 0 {
				starts[i] = len(c.steps)
				steps = r.begin(len(c.steps), c)
			} else {
				steps = r.goOn(starts[i], len(c.steps), phase, c.steps[starts[i]].proto)
			}
			if phase > 0 && len(steps) > 0 {
				steps[0].wait, wait = wait, 0
			}
			c.steps = append(c.steps, steps...)
		}
	}
}

// begin opens a conversation at step at; every step may be sent twice.
func (r *Rand) begin(at int, c *Case) []step {
	t := talk{r: r, at: at, start: at}
	t.add(step{fresh: r.opening(at)}, 0)
	t.add(step{kind: answer, of: at}, 0.3)
	switch t.steps[0].proto {
	case protoTCP:
		t.add(step{kind: next, of: at, flags: ack}, 0.2)
		if r.Maybe(0.7) {
			t.add(step{kind: next, of: at, flags: psh | ack, data: talkData}, 0.3)
			t.add(step{kind: answer, of: t.last()}, 0.2)
		}
	case protoSCTP:
		t.add(step{kind: next, of: at, chunk: sctpCookieEcho}, 0.2)
		t.add(step{kind: answer, of: t.last()}, 0.2)
	}
	return t.steps
}

// talkData is how much the client of a TCP conversation says before the first
// pause.
const talkData = 10

// goOn continues the conversation of step start in phase 1 or 2.
func (r *Rand) goOn(start, at, phase int, proto byte) []step {
	t := talk{r: r, at: at, start: start}
	switch {
	case proto == protoTCP && phase == 1:
		t.close()
	case proto == protoTCP:
		t.stray()
	case proto == protoSCTP:
		t.add(step{kind: next, of: start, chunk: Pick[byte](r, sctpData, sctpHeartbeat, sctpShutdown, sctpAbort)}, 0.2)
		t.add(step{kind: answer, of: t.last()}, 0.2)
		if r.Maybe(0.5) {
			t.add(step{kind: next, of: start, chunk: Pick[byte](r, sctpShutdownComplete, sctpShutdownAck, sctpCookieEcho)}, 0)
		}
	default:
		t.add(step{kind: Pick(r, next, answer), of: start}, 0.3)
		t.add(step{kind: answer, of: start}, 0)
	}
	if r.Maybe(0.2) {
		s := r.follow(start, icmpError)
		t.add(s, 0)
	}
	return t.steps
}

// talk is a part of a conversation being planned: its first step will have
// number at.
type talk struct {
	r         *Rand
	at, start int
	steps     []step
}

// add plans a step, and with probability twice the same once more: what is sent
// is sent again, what was answered is answered again.
func (t *talk) add(s step, twice float64) {
	t.steps = append(t.steps, s)
	if s.kind != first && t.r.Maybe(twice) {
		t.steps = append(t.steps, s)
	}
	if s.kind == first && t.r.Maybe(0.25) {
		t.steps = append(t.steps, step{kind: next, of: t.start})
	}
}

// last returns the number of the step planned last.
func (t *talk) last() int { return t.at + len(t.steps) - 1 }

// close ends a TCP connection in one of the ways there are.
func (t *talk) close() {
	say := func(flags byte, sent, got uint32) {
		t.add(step{kind: next, of: t.start, flags: flags, sent: sent, got: got}, 0.2)
	}
	hear := func(of int, flags byte) { t.add(step{kind: answer, of: of, flags: flags}, 0.2) }
	switch t.r.IntN(8) {
	case 0, 1: // the client closes first
		say(fin|ack, talkData, 0)
		hear(t.last(), fin|ack)
		say(ack, talkData+1, 1)
	case 2: // the server does, and the client later
		say(ack, talkData, 0)
		hear(t.start, fin|ack)
		say(ack, talkData, 1)
		say(fin|ack, talkData, 1)
		hear(t.last(), ack)
	case 3: // both at once
		say(fin|ack, talkData, 0)
		hear(t.start, fin|ack)
		say(ack, talkData+1, 1)
	case 4: // the client breaks off, with a right number or a wrong one
		say(rst, Pick[uint32](t.r, talkData, talkData, 0, 5000, 1<<30), 0)
	case 5: // the server does
		say(psh|ack, talkData, 0)
		hear(t.last(), Pick[byte](t.r, rst, rst|ack))
	case 6: // more of the same, out of order and out of the window
		t.add(step{kind: next, of: t.start, flags: ack, sent: Pick[uint32](t.r, 0, 5, talkData+3, 1<<20, 1<<31), data: talkData}, 0.6)
		hear(t.last(), 0)
	case 7: // keep-alives
		say(ack, talkData-1, 0)
		hear(t.last(), 0)
		say(ack, talkData-1, 0)
		say(ack, talkData-1, 0)
		say(ack, talkData-1, 0)
	}
}

// stray goes on as if the connection had not been closed, or opens it anew.
func (t *talk) stray() {
	switch t.r.IntN(4) {
	case 0:
		t.add(step{kind: next, of: t.start, flags: ack, sent: talkData + 1, got: 1}, 0.3)
		t.add(step{kind: answer, of: t.last()}, 0)
	case 1:
		t.add(step{kind: next, of: t.start}, 0.3) // the very same SYN
		t.add(step{kind: answer, of: t.last()}, 0.3)
	case 2:
		t.add(step{kind: next, of: t.start, flags: syn, sent: 1 << 20}, 0.3)
		t.add(step{kind: answer, of: t.last()}, 0.3)
		t.add(step{kind: next, of: t.start, flags: ack, sent: 1<<20 + 1}, 0.3)
	case 3:
		t.add(step{kind: answer, of: t.start, flags: Pick[byte](t.r, rst, fin|ack, psh|ack)}, 0.3)
	}
}
