package gen

import (
	"fmt"
	"iter"
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Case is a ruleset with packets to ask about.
type Case struct {
	Name           string // kind, family and seed
	Family         int    // 4 or 6
	Rules4, Rules6 string // restore texts; the one of the other family is empty
	Sets           string // ipset-restore text
	// Random says that the rules let the kernel throw dice, so that its path is
	// one of several possible.
	Random bool

	firstID uint32
	steps   []step
}

// Rules returns the ruleset of the case's family.
func (c *Case) Rules() string { return c.Rules4 + c.Rules6 }

// Packet is one to be sent.
type Packet struct {
	kernel.Packet
	Wait time.Duration // how long to wait before it is sent
	Step int           // the number of the plan's step it belongs to; both fragments of a datagram have the same
	Note string        // what it is: "tcp 192.0.2.7:2001 > 192.0.2.2:80 (answer to 3)"
}

// step is a line of the plan: a packet, or one made from an earlier step.
type step struct {
	kind stepKind
	fresh
	of    int           // the step that this one is about
	wait  time.Duration // that passes before
	flags byte          // next: TCP flags; 0: the same packet once more
	sent  uint32        // next: what a TCP client has said ahead of this, its SYN aside
	got   uint32        // next: what it has heard, the SYN of the other end aside
	data  int           // next: bytes of TCP payload
	chunk byte          // next: SCTP chunk
	icmp  [2]byte       // icmpError: type and code
	from  *netip.Addr   // icmpError: who complains; nil: the receiver
	short bool          // icmpError: quotes no more than it must
}

type stepKind uint8

const (
	first     stepKind = iota // fresh
	next                      // the sender of step of goes on
	answer                    // the far end answers what left after step of
	icmpError                 // somebody complains about what left after step of
)

// Packets yields the packets of the plan with identifiers of their own. It
// asks left what left the node, host's own answers included, after a step that
// was yielded; nil is nothing. Steps about packets that never left are skipped.
// It may be ranged over more than once.
func (c *Case) Packets(left func(step int) []kernel.Out) iter.Seq[Packet] {
	return func(yield func(Packet) bool) {
		id := c.firstID
		sent := make([]fresh, len(c.steps))
		var pause time.Duration
		for i, s := range c.steps {
			pause += s.wait
			f, ok := s.resolve(sent, left)
			if !ok {
				continue
			}
			sent[i] = f
			id = id%60000 + 1
			for n, wire := range f.wires(id) {
				p := Packet{kernel.Packet{In: f.in, Wire: wire, Mark: f.mark}, pause, i, f.note() + s.note()}
				if n > 0 {
					p.Wait = 0
				}
				if pause = 0; !yield(p) {
					return
				}
			}
		}
	}
}

// resolve makes the packet of a step, if there can be one.
func (s step) resolve(sent []fresh, left func(int) []kernel.Out) (fresh, bool) {
	if s.kind == first {
		return s.fresh, true
	}
	about := sent[s.of]
	if !about.src.IsValid() {
		return fresh{}, false
	}
	if s.kind == next {
		return s.proceed(about), true
	}
	for _, o := range left(s.of) {
		d, ok := undo(o.Wire)
		if !ok || d.proto != about.proto {
			continue
		}
		if s.kind == icmpError {
			return s.complain(o.Iface, d), true
		}
		if f, ok := reply(o.Iface, d, s.flags); ok {
			return f, true
		}
	}
	return fresh{}, false
}

func (s step) note() string {
	switch s.kind {
	case next:
		return fmt.Sprintf(" (after %d)", s.of)
	case answer:
		return fmt.Sprintf(" (answer to %d)", s.of)
	case icmpError:
		return fmt.Sprintf(" (error about %d)", s.of)
	}
	return ""
}

// note describes a packet to a human.
func (f fresh) note() string {
	ends := fmt.Sprintf("%v > %v", f.src, f.dst)
	if hasPorts(f.proto) && len(f.body) >= 4 {
		sport, dport := uint16(f.body[0])<<8|uint16(f.body[1]), uint16(f.body[2])<<8|uint16(f.body[3])
		ends = fmt.Sprintf("%v > %v", netip.AddrPortFrom(f.src, sport), netip.AddrPortFrom(f.dst, dport))
	}
	from := "in " + f.in
	if f.in == "" {
		from = "local"
	}
	text := fmt.Sprintf("%s protocol %d %s, %d bytes", from, f.proto, ends, len(f.body))
	switch {
	case f.proto == protoTCP && len(f.body) > 13:
		text += fmt.Sprintf(", flags %#02x", f.body[13])
	case (f.proto == protoICMP || f.proto == protoICMPv6) && len(f.body) > 1:
		text += fmt.Sprintf(", type %d/%d", f.body[0], f.body[1])
	}
	if f.cut > 0 {
		text += fmt.Sprintf(", cut at %d", f.cut)
	}
	return text
}

func hasPorts(proto byte) bool {
	switch proto {
	case protoTCP, protoUDP, protoUDPLite, protoSCTP, protoDCCP:
		return true
	}
	return false
}
