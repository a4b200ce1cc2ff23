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
}

// note appends a step at the packet's current hook and returns its index.
func (tr *transit) note(s Step) int {
	s.Hook, s.In, s.Out = tr.c.Hook, tr.c.In, tr.c.Out
	s.Traced = tr.path.traced
	s.version = tr.version()
	tr.res.Steps = append(tr.res.Steps, s)
	return len(tr.res.Steps) - 1
}

// lastStep returns the kind of the latest step; StepLocal for a packet that has none.
func (tr *transit) lastStep() StepKind {
	if n := len(tr.res.Steps); n > 0 {
		return tr.res.Steps[n-1].Kind
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
	p.kept, p.edits, p.version = true, tr.c.Edits(), len(tr.res.versions)
	tr.res.versions = append(tr.res.versions, tr.res.memory.keep(&tr.pkt))
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
	s.info, s.Verdict, s.Traced, s.after = info, v, tr.path.traced, tr.version()
}

// DropStep implements netfilter.ReportEngine.
func (tr *transit) DropStep(n int) {
	if n == len(tr.res.Steps)-1 {
		tr.res.Steps = tr.res.Steps[:n]
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
	return r.tr.note(Step{Kind: stepKinds[s.Kind], Table: s.Table.Name, Chain: s.Chain.Name, Number: s.Number, Rule: s.Rule, Verdict: s.Verdict}), true
}

// StepVerdict implements xtables.Recorder.
func (r recorder) StepVerdict(n int, v netfilter.Verdict) { r.tr.res.Steps[n].Verdict = v }

// Visit implements xtables.Recorder.
func (r recorder) Visit(v xtables.Visit) { r.tr.visit(v) }

// Exhausted implements xtables.Recorder.
func (r recorder) Exhausted(t *xtables.Table, c *xtables.Chain) {
	r.tr.tooMuch("Work", r.tr.s.limits.Work, t.Name, c.Name)
}
