package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// pathState is the state from which the steps of a packet's path are recorded.
type pathState struct {
	traced bool // a TRACE rule matched the packet

	// The index of the latest version of the packet in the result, and the number of
	// edits (netfilter.Context.Edits) when it was stored.
	kept           bool
	edits, version int

	provider int // number of the provider whose hook function runs, or ran last
}

// enter notes that a hook function of a provider runs.
func (p *pathState) enter(provider int) { p.provider = provider }

// trace sets whether the packet is traced.
func (p *pathState) trace(on bool) { p.traced = on }

// forget makes the next step store the packet again, because it belongs to another result.
func (p *pathState) forget() { p.kept = false }

// note appends a step at the packet's current hook and returns its index.
func (tr *transit) note(s Step) int {
	s.Hook, s.In, s.Out = tr.c.Hook, tr.c.In, tr.c.Out
	s.Traced = tr.path.traced
	if !tr.res.path.brief.on || len(tr.res.path.versions) == 0 {
		s.version = tr.version()
	}
	return tr.res.add(s)
}

// lastStep returns the kind of the latest step; StepLocal for a packet that has none.
func (tr *transit) lastStep() StepKind {
	if s := tr.res.latest(); s != nil {
		return s.Kind
	}
	return StepLocal
}

// version returns the index of the current version of the packet, storing a copy if it
// has changed.
func (tr *transit) version() int {
	p := &tr.path
	if p.kept && p.edits == tr.c.Edits() {
		return p.version
	}
	p.kept, p.edits, p.version = true, tr.c.Edits(), len(tr.res.path.versions)
	tr.res.path.store(&tr.pkt)
	return p.version
}

// unchanged records that the packet is equal to the latest version despite edits.
func (p *pathState) unchanged(edits int) { p.edits = edits }

// Step implements netfilter.ReportEngine.
func (tr *transit) Step(s netfilter.StepInfo) (n int, ok bool) {
	if !tr.room(s.Table(), s.Chain()) {
		return 0, false
	}
	kind := [...]StepKind{netfilter.InfoRule: StepRule, netfilter.InfoPolicy: StepPolicy, netfilter.InfoReturn: StepReturn}[s.Kind()]
	return tr.note(Step{Kind: kind, Table: s.Table(), Chain: s.Chain(), Number: s.Number(), info: s}), true
}

// EndStep implements netfilter.ReportEngine. The rule itself may have enabled or
// disabled tracing.
func (tr *transit) EndStep(n int, info netfilter.StepInfo, v netfilter.Verdict) {
	s := &tr.res.Steps[n]
	s.info, s.Verdict, s.Traced = info, v, tr.path.traced
	if !tr.res.path.brief.on {
		s.after = tr.version()
	}
}

// DropStep implements netfilter.ReportEngine.
func (tr *transit) DropStep(n int) {
	if n == tr.res.last() {
		tr.res.removeLatest()
	}
}

// recorder records the steps of the evaluation of xtables tables.
type recorder struct{ tr *transit }

var stepKinds = [...]StepKind{xtables.Rule: StepRule, xtables.Policy: StepPolicy, xtables.Return: StepReturn, xtables.HotDrop: StepHotDrop}

// Step implements xtables.Recorder.
func (r recorder) Step(s xtables.Step) (n int, ok bool) {
	if !r.tr.room(s.Table.Name, s.Chain.Name) {
		return 0, false
	}
	return r.tr.note(Step{Kind: stepKinds[s.Kind], Table: s.Table.Name, Chain: s.Chain.Name, Backend: s.Table.Backend, Number: s.Number, Rule: s.Rule, Verdict: s.Verdict}), true
}

// StepVerdict implements xtables.Recorder.
func (r recorder) StepVerdict(n int, v netfilter.Verdict) { r.tr.res.Steps[n].Verdict = v }

// Visit implements xtables.Recorder.
func (r recorder) Visit(v xtables.Visit) { r.tr.visit(v) }

// Exhausted implements xtables.Recorder.
func (r recorder) Exhausted(t *xtables.Table, c *xtables.Chain) {
	r.tr.tooMuch("Work", r.tr.s.budget.Work, t.Name, c.Name)
}

// WithoutPath makes the session, its clones and its branches record no paths, which
// takes less memory. Their results differ from those of other sessions only in this:
// Result.Steps holds the deciding step alone, Explain and the JSON form show no other
// and no change of the packet, Trace returns nil, and Before the zero Packet. Lines of
// LOG rules are kept.
func WithoutPath() SessionOption { return func(s *Session) { s.pathless = true } }

// pathRecord holds the path of a result's packet, except for its steps.
type pathRecord struct {
	decisive int                // index of By in Steps
	versions []netfilter.Packet // the packet as steps looked at it
	group    bool               // it was transmitted as link-layer broadcast or multicast
	brief    brief
	memory   memory
}

// start determines, before the first step, whether the path is recorded.
func (p *pathRecord) start(pathless bool) { p.brief.on = pathless }

// store adds a copy of the packet to the versions.
func (p *pathRecord) store(pkt *netfilter.Packet) {
	p.versions = append(p.versions, p.memory.keep(pkt))
}

// brief is the state of a result that records no path. Of the steps it holds in
// Result.Steps only those that may yet turn out to have decided: the best of the
// steps that accepted the packet, and the latest two, because the latest may be
// removed again.
type brief struct {
	on      bool
	tip     int8 // index of the latest step: 1 or 2
	count   int  // number of steps
	caught  bool // a rule translated the source
	decided Step // the deciding step
}

// add appends a step and returns its index. In a result without a path the index is
// valid until two more steps are added.
func (r *Result) add(s Step) int {
	if !r.path.brief.on {
		r.Steps = append(r.Steps, s)
		return len(r.Steps) - 1
	}
	b := &r.path.brief
	if len(r.Steps) < 3 {
		none := Step{Kind: StepLocal}
		r.Steps, b.tip = append(r.Steps[:0], none, none, none), 1
	}
	b.count++
	b.tip = 3 - b.tip
	if old := &r.Steps[b.tip]; old.allows() && (old.filters() || !r.Steps[0].filters()) {
		r.Steps[0] = *old
	}
	r.Steps[b.tip] = s
	b.caught = b.caught || s.translatesSource()
	return int(b.tip)
}

// inOrder returns the index of the nth step of those that Steps holds.
func (r *Result) inOrder(n int) int {
	if r.path.brief.on && len(r.Steps) == 3 && n > 0 {
		return [...]int{1: 3 - int(r.path.brief.tip), 2: int(r.path.brief.tip)}[n]
	}
	return n
}

// length returns the number of steps.
func (r *Result) length() int {
	if r.path.brief.on {
		return r.path.brief.count
	}
	return len(r.Steps)
}

// last returns the index of the latest step; -1 if there is none.
func (r *Result) last() int {
	if r.path.brief.on && len(r.Steps) == 3 {
		return int(r.path.brief.tip)
	}
	return len(r.Steps) - 1
}

// latest returns the latest step; nil if there is none.
func (r *Result) latest() *Step {
	if n := r.last(); n >= 0 {
		return &r.Steps[n]
	}
	return nil
}

// removeLatest removes the latest step.
func (r *Result) removeLatest() {
	if !r.path.brief.on {
		r.Steps = r.Steps[:len(r.Steps)-1]
		return
	}
	r.path.brief.count--
	r.Steps[r.path.brief.tip] = Step{Kind: StepLocal}
	r.path.brief.tip = 3 - r.path.brief.tip
}

// decide sets the deciding step.
func (r *Result) decide(by int) {
	r.path.decisive = by
	if r.path.brief.on {
		r.path.brief.decided = r.Steps[by]
	}
}

// setBy sets By after the last step.
func (r *Result) setBy() {
	if r.path.brief.on {
		r.Steps, r.path.decisive = append(r.Steps[:0], r.path.brief.decided), 0
	}
	r.By = &r.Steps[r.path.decisive]
}
