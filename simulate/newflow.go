package simulate

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter"
)

// newFlow readies a packet for its way. The packet given is not changed.
func (s *Session) newFlow(p *netfilter.Packet, parent *flow) *flow {
	f := &flow{s: s, res: &Result{Chance: 1}}
	f.c.Engine, f.c.Packet = f, &f.pkt
	if parent != nil {
		parent.res.Caused = append(parent.res.Caused, f.res)
	} else {
		s.chance.Begin()
	}
	if !p.IsValid() {
		f.pkt = *p
		f.refuse(errNoPacket)
		return f
	}
	f.pkt = p.Clone()
	f.pkt.Dev = ""
	f.c.Family = p.Family()
	f.program = s.node.programs[f.c.Family]
	f.res.Steps = make([]Step, 0, 16)
	return f
}

// refuse ends the packet for bad input.
func (f *flow) refuse(err error) *Result {
	f.res.Err = err
	f.res.Fate = Undecided
	f.res.Steps = append(f.res.Steps, Step{Kind: StepLocal, Detail: err.Error()})
	f.res.versions = append(f.res.versions, f.pkt)
	f.res.decisive = len(f.res.Steps) - 1
	f.res.By = &f.res.Steps[f.res.decisive]
	return f.res
}

// settle completes the result.
func (f *flow) settle() *Result {
	f.res.Chance, f.res.choices = f.s.chance.Probability(), slices.Clone(f.s.chance.Choices())
	f.res.settle()
	return f.res
}

// settle names the deciding step and gathers what left because of the packet,
// the answers to answers included.
func (r *Result) settle() {
	r.By = &r.Steps[r.decisive]
	for _, c := range r.Caused {
		c.settle()
		switch {
		case c.Fragments != nil:
			r.Answers = append(r.Answers, c.Fragments...)
		case c.Fate.Passed():
			p := c.Packet
			p.Dev = c.OutDev
			if c.Fate == Delivered {
				p.Dev = "lo"
			}
			r.Answers = append(r.Answers, p)
		}
		r.Answers = append(r.Answers, c.Answers...)
	}
}
