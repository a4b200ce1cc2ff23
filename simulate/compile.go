package simulate

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter"
)

// table is a table ready to be walked: jumps are resolved, headers compiled.
type table struct {
	name  string
	entry [netfilter.NumHooks]*chain // built-in chains; nil where the table has none
}

type chain struct {
	name    string
	builtin bool
	policy  netfilter.Verdict
	rules   []rule
	index   *index // nil for chains too short to need one
}

// rule is a netfilter.Rule ready to be judged.
type rule struct {
	source  *netfilter.Rule
	header  header
	matches []match
	target  target
}

type match struct {
	netfilter.Match
	slot int // of its State in the session; -1 without
}

type targetKind uint8

const (
	targetNone targetKind = iota
	targetFixed
	targetJump
	targetGoto
	targetExtension
)

type target struct {
	kind    targetKind
	verdict netfilter.Verdict
	chain   *chain
	netfilter.Target
	slot int
}

// stage is a step of a hook.
type stage struct {
	priority int
	kind     stageKind
	table    *table
}

type stageKind uint8

const (
	stageTable stageKind = iota
	stageNAT
	stageDefrag
	stageConntrack
	stageConfirm
	stageSynProxy
)

// priorityConfirm puts confirmation last (include/uapi/linux/netfilter_ipv4.h,
// NF_IP_PRI_CONNTRACK_CONFIRM).
const priorityConfirm = 1<<31 - 1

// program is the compiled ruleset of a family.
type program struct {
	hooks    [netfilter.NumHooks][]stage
	tracking bool                     // connection tracking is on
	defrag   bool                     // fragments are put together ahead of raw
	acct     bool                     // new connections count their packets
	labels   bool                     // new connections have labels
	proxying bool                     // SYNPROXY stands in connections
	initial  []func() netfilter.State // makes the states, by slot
	sharing  []netfilter.Sharing      // rules that share memory, in the order of loading
}

// compile turns a checked ruleset into a program.
func compile(rs *netfilter.Ruleset) *program {
	p := &program{}
	for _, t := range rs.Tables {
		p.addTable(t)
	}
	if p.tracking {
		p.addTracking()
	}
	if p.defrag {
		p.add(netfilter.Prerouting, stage{priority: netfilter.PriorityDefrag, kind: stageDefrag})
		p.add(netfilter.Output, stage{priority: netfilter.PriorityDefrag, kind: stageDefrag})
	}
	for h := range p.hooks {
		if !p.tracking {
			p.hooks[h] = slices.DeleteFunc(p.hooks[h], func(s stage) bool { return s.kind == stageNAT })
		}
		slices.SortStableFunc(p.hooks[h], func(a, b stage) int { return a.priority - b.priority })
	}
	return p
}

func (p *program) add(h netfilter.Hook, s stage) { p.hooks[h] = append(p.hooks[h], s) }

// addTracking adds the hooks of conntrack (net/netfilter/nf_conntrack_proto.c,
// ipv4_conntrack_ops).
func (p *program) addTracking() {
	p.defrag = true
	for _, h := range []netfilter.Hook{netfilter.Prerouting, netfilter.Output} {
		p.add(h, stage{priority: netfilter.PriorityConntrack, kind: stageConntrack})
	}
	for _, h := range []netfilter.Hook{netfilter.Input, netfilter.Postrouting} {
		p.add(h, stage{priority: priorityConfirm, kind: stageConfirm})
		if p.proxying {
			p.add(h, stage{priority: priorityConfirm - 1, kind: stageSynProxy})
		}
	}
}

func (p *program) addTable(t *netfilter.Table) {
	info, _ := netfilter.TableInfoFor(t.Name)
	c := &compiler{program: p, chains: map[string]*chain{}}
	compiled := &table{name: t.Name}
	for _, ch := range t.Chains {
		c.chains[ch.Name] = &chain{name: ch.Name, builtin: ch.Builtin(), policy: ch.Policy}
	}
	for _, ch := range t.Sorted() {
		c.fill(c.chains[ch.Name], ch)
		c.chains[ch.Name].makeIndex()
	}
	kind := stageTable
	if t.Name == "nat" {
		kind = stageNAT
	}
	for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
		if !info.Hooks.Has(h) {
			continue
		}
		if compiled.entry[h] = c.chains[h.String()]; compiled.entry[h] != nil {
			p.add(h, stage{priority: info.Priority[h], kind: kind, table: compiled})
		}
	}
}

type compiler struct {
	program *program
	chains  map[string]*chain
}

func (c *compiler) fill(dst *chain, src *netfilter.Chain) {
	dst.rules = make([]rule, len(src.Rules))
	for i, r := range src.Rules {
		dst.rules[i] = rule{source: r, header: compileHeader(&r.Header), target: c.target(r)}
		for _, m := range r.Matches {
			dst.rules[i].matches = append(dst.rules[i].matches, match{m, c.slot(m)})
		}
	}
}

func (c *compiler) target(r *netfilter.Rule) target {
	switch t := r.Target.(type) {
	case nil:
		return target{}
	case *netfilter.Jump:
		kind := targetJump
		if r.Goto {
			kind = targetGoto
		}
		return target{kind: kind, chain: c.chains[t.Chain]}
	case netfilter.StandardTarget:
		return target{kind: targetFixed, verdict: t.StandardVerdict()}
	default:
		return target{kind: targetExtension, Target: t, slot: c.slot(t)}
	}
}

// slot notes what an extension needs of the host and gives it a place for its
// state.
func (c *compiler) slot(e netfilter.Extension) int {
	if t, ok := e.(netfilter.Tracking); ok && t.NeedsConntrack() {
		c.program.tracking = true
	}
	if d, ok := e.(netfilter.Defragmenting); ok && d.NeedsDefrag() {
		c.program.defrag = true
	}
	if a, ok := e.(netfilter.Accounting); ok && a.NeedsAccounting() {
		c.program.acct = true
	}
	if l, ok := e.(netfilter.Labelling); ok && l.NeedsLabels() {
		c.program.labels = true
	}
	if x, ok := e.(netfilter.Proxying); ok && x.NeedsSynProxy() {
		c.program.proxying = true
	}
	if s, ok := e.(netfilter.Sharing); ok {
		c.program.sharing = append(c.program.sharing, s)
	}
	s, ok := e.(netfilter.Stateful)
	if !ok || s.NewState() == nil {
		return -1
	}
	c.program.initial = append(c.program.initial, s.NewState)
	return len(c.program.initial) - 1
}
