package generatortest

import (
	"fmt"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// running is a sequence on its way.
type running[S any] struct {
	*Trial[S]
	host     *iptablestest.Host
	generate Generator[S]
	state    S
	live     *simulate.Session  // on which all happens, rules replaced under it
	fresh    *simulate.Session  // with the rules of now and no memory
	ways     []*simulate.Result // of the last packet that was judged there, to be reused
	open     []conversation[S]
	kept     [][]byte                 // choices of packets that were the first to match a rule
	seen     map[string]bool          // rules that matched, by their place
	met      map[*netfilter.Rule]bool // rules that matched since the last update
	sets     string                   // as the live host has them
	told     []string                 // what has happened
	commands int                      // of the host that have been told
}

// conversation is a connection that was opened, and the last packet of it.
type conversation[S any] struct {
	Connection[S]
	last    *simulate.Result
	silence time.Duration // since then
}

// packetsPerStep is how many packets a step of packets sends.
const packetsPerStep = 8

// mostOpen bounds the connections that are remembered.
const mostOpen = 16

// run runs a sequence; the error is nil or a *Failure.
func (tr *Trial[S]) run(steps []step) error {
	h, err := iptablestest.Parse("-- host --\n"+tr.Host+"\n", tr.Options...)
	if err != nil {
		return err
	}
	r := running[S]{Trial: tr, host: h, generate: tr.Generator(), state: tr.Start(), seen: map[string]bool{}}
	if f := r.update("the beginning"); f != nil {
		return f
	}
	for _, s := range steps {
		if f := r.step(newChoices(s)); f != nil {
			return f
		}
	}
	return nil
}

// step runs one step. The Failure is nil if nothing is wrong.
func (r *running[S]) step(c *Choices) *Failure {
	switch c.Below(16) {
	case 0, 1, 2, 3, 4:
		return r.change(c)
	case 5:
		d := time.Duration(1+c.Below(120)) * time.Second
		r.host.Advance(d)
		r.live.Advance(d)
		for i := range r.open {
			conv := &r.open[i]
			conv.silence += d
			conv.Idle = max(conv.Idle, conv.silence)
		}
		r.told = append(r.told, fmt.Sprintf("%v pass", d))
		return nil
	case 6, 7:
		return r.begin(c)
	case 8, 9, 10:
		return r.goOn(c)
	}
	for range packetsPerStep {
		if f := r.packet(c); f != nil {
			return f
		}
	}
	return nil
}

// change changes the state, once or several times, and has the program follow.
func (r *running[S]) change(c *Choices) *Failure {
	words := ""
	for range 1 + c.Below(3) {
		next, said := r.Change(c, r.state)
		if said == "" {
			continue
		}
		r.state = next
		if words != "" {
			words += "; "
		}
		words += said
	}
	if words == "" {
		return nil
	}
	return r.update(words)
}

// update has the program make the rules those of the state.
func (r *running[S]) update(words string) *Failure {
	r.told = append(r.told, words)
	err := r.generate(r.host, r.state)
	r.tellCommands()
	if err != nil {
		return r.fail("", fmt.Errorf("the program says: %w", err))
	}
	v4, v6, h := r.host.Rules(netfilter.IPv4), r.host.Rules(netfilter.IPv6), r.host.Host()
	node, err := simulate.New(h, v4, v6)
	if err != nil {
		return r.fail("", fmt.Errorf("the rules are refused: %w", err))
	}
	r.fresh, r.met = node.NewSession(), map[*netfilter.Rule]bool{}
	if sets := fmt.Sprint(h.Sets); r.live == nil || sets != r.sets {
		r.live, r.open, r.sets = node.NewSession(), nil, sets
	} else if err := r.live.Reload(v4, v6); err != nil {
		return r.fail("", fmt.Errorf("the rules are refused by a host in operation: %w", err))
	}
	if r.Check != nil {
		if err := r.Check(r.host, r.state); err != nil {
			return r.fail("", err)
		}
	}
	return nil
}

// tellCommands adds the commands that the program has run.
func (r *running[S]) tellCommands() {
	all := r.host.Commands()
	for _, c := range all[r.commands:] {
		r.told = append(r.told, "  $ "+c.String())
		if c.Stdin != "" {
			r.told = append(r.told, indented(c.Stdin))
		}
	}
	r.commands = len(all)
}

// draw draws a packet: by choices of its own, or by those of one that is kept
// but for one choice.
func (r *running[S]) draw(c *Choices) (Packet, []byte, *Failure) {
	own := newChoices([]byte{byte(c.Below(256)), byte(c.Below(256)), byte(c.Below(256))})
	if len(r.kept) > 0 && c.In(2) {
		own = mutated(r.kept[c.Below(len(r.kept))], c)
	}
	text := r.Packet(own, r.state)
	dev, p, err := parser.ParsePacket(text)
	if err != nil {
		return Packet{}, nil, r.fail(text, fmt.Errorf("the packet that was drawn cannot be read: %w", err))
	}
	return Packet{p, text, dev}, own.bytes[:own.next], nil
}

// packet judges a packet on a host where no connection is known.
func (r *running[S]) packet(c *Choices) *Failure {
	p, taken, f := r.draw(c)
	if f != nil {
		return f
	}
	n := 0
	for way := range r.fresh.Branches(p.Dev, p.Packet, simulate.Into(r.ways...)) {
		if n++; n > len(r.ways) {
			r.ways = append(r.ways, way)
		}
	}
	r.keep(r.ways[:n], taken)
	if err := simtest.Judge(r.fresh, p.Dev, p.Packet, r.Model(r.state, p), r.ways[:n]...); err != nil {
		return r.fail(p.Text, err)
	}
	return nil
}

// keep remembers choices by which a rule matched for the first time.
func (r *running[S]) keep(ways []*simulate.Result, taken []byte) {
	const most = 64
	for _, way := range ways {
		for i := range way.Steps {
			s := &way.Steps[i]
			if s.Rule == nil || r.met[s.Rule] {
				continue
			}
			r.met[s.Rule] = true
			if place := s.Place(); !r.seen[place] {
				r.seen[place] = true
				if len(r.kept) < most {
					r.kept = append(r.kept, taken)
				}
			}
		}
	}
}

// begin opens a connection on the host that lives on.
func (r *running[S]) begin(c *Choices) *Failure {
	p, _, f := r.draw(c)
	if f != nil {
		return f
	}
	res := send(r.live, p.Dev, p.Packet)
	r.told = append(r.told, "opened by "+p.Text+": "+res.String())
	if len(r.open) < mostOpen && res.Reply().IsValid() && !r.isOpen(p.Packet) {
		r.open = append(r.open, conversation[S]{Connection: Connection[S]{Then: r.state, First: p, Result: res}, last: res})
	}
	return nil
}

// isOpen reports whether a packet is of a connection that is open, whose far end
// answers already.
func (r *running[S]) isOpen(p netfilter.Packet) bool {
	return slices.ContainsFunc(r.open, func(c conversation[S]) bool {
		f := c.First
		return f.Proto() == p.Proto() && f.Src() == p.Src() && f.Dst() == p.Dst() && f.SrcPort() == p.SrcPort() && f.DstPort() == p.DstPort()
	})
}

func send(s *simulate.Session, dev string, p netfilter.Packet) *simulate.Result {
	if dev == "" {
		return s.Send(p)
	}
	return s.Receive(dev, p)
}

// goOn lets the far end of a connection answer what it got last, and judges what
// becomes of it.
func (r *running[S]) goOn(c *Choices) *Failure {
	if len(r.open) == 0 || r.Continued == nil {
		return nil
	}
	i := c.Below(len(r.open))
	conv := &r.open[i]
	answer := conv.last.Reply()
	if !answer.IsValid() {
		r.open = append(r.open[:i], r.open[i+1:]...)
		return nil
	}
	p := Packet{Packet: answer, Dev: conv.last.OutDev, Text: parser.FormatPacket(conv.last.OutDev, answer)}
	if err := simtest.Judge(r.live, p.Dev, p.Packet, r.Continued(r.state, conv.Connection, p)); err != nil {
		return r.fail("", err)
	}
	conv.last, conv.silence = send(r.live, p.Dev, p.Packet), 0
	r.told = append(r.told, "went on by "+p.Text+": "+conv.last.String())
	return nil
}
