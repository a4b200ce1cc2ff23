package simulate

import (
	"cmp"
	"math"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/routekey"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// program holds the functions registered at the hooks of a family.
type program struct {
	tables   *xtables.Program // nil without a ruleset
	requires netfilter.Requirements
	hooks    [netfilter.NumHooks][]hookFunction
	nat      [netfilter.NumHooks][]hookFunction // that set up address translation
}

// hookFunction is a function registered at a hook (struct nf_hook_ops): a table,
// connection tracking, or a function of another kind of ruleset.
type hookFunction struct {
	priority int32
	run      func(*transit) netfilter.Verdict
}

// priorityConfirm is the priority of confirmation, which runs last
// (include/uapi/linux/netfilter_ipv4.h,
// NF_IP_PRI_CONNTRACK_CONFIRM).
const priorityConfirm = math.MaxInt32

// register inserts a function in the list of a hook, which is sorted by priority. Of
// functions with equal priority the one registered last runs first (net/netfilter/
// core.c, nf_hook_entries_grow).
func register(list []hookFunction, f hookFunction) []hookFunction {
	at, _ := slices.BinarySearchFunc(list, f, func(a, b hookFunction) int { return cmp.Compare(a.priority, b.priority) })
	return slices.Insert(list, at, f)
}

// newProgram registers the functions of a family in the order in which the rulesets
// were loaded: the tables of xtables by their backend, and the functions of providers.
func newProgram(f netfilter.Family, tables *xtables.Program, providers []netfilter.HookProvider, order []loaded) *program {
	p := &program{tables: tables}
	for _, l := range order {
		switch {
		case l.provider > 0:
			p.addFunctions(f, providers[l.provider-1], l.provider-1)
		case l.tablesOf == f:
			p.addTables(l.backend)
		}
	}
	return p
}

// addTables adds the tables of a backend.
func (p *program) addTables(b netfilter.Backend) {
	for _, t := range p.tables.Tables {
		if t.Backend == b {
			p.addTable(t)
		}
	}
	p.require(p.tables.Requires(b))
}

// addFunctions adds the functions of the provider of this number.
func (p *program) addFunctions(f netfilter.Family, provider netfilter.HookProvider, number int) {
	for _, fn := range provider.HookFunctions() {
		if fn.Family == f {
			p.addFunction(fn, number)
			p.require(fn.Requires)
		}
	}
}

// require enables the subsystems that are not enabled yet.
func (p *program) require(r netfilter.Requirements) {
	on := p.requires
	p.requires |= r
	if r.Has(netfilter.RequireConntrack) {
		p.requires |= netfilter.RequireDefrag
	}
	turned := p.requires &^ on
	if turned.Has(netfilter.RequireConntrack) {
		p.addTracking()
	}
	if turned.Has(netfilter.RequireSynProxy) {
		for _, h := range []netfilter.Hook{netfilter.Input, netfilter.Postrouting} {
			p.add(h, priorityConfirm-1, (*transit).synProxy)
		}
	}
	if turned.Has(netfilter.RequireDefrag) {
		for _, h := range []netfilter.Hook{netfilter.Prerouting, netfilter.Output} {
			p.add(h, netfilter.PriorityDefrag, (*transit).defragHook)
		}
	}
}

func (p *program) add(h netfilter.Hook, priority int32, run func(*transit) netfilter.Verdict) {
	p.hooks[h] = register(p.hooks[h], hookFunction{priority, run})
}

// addTracking adds the functions of conntrack (net/netfilter/nf_conntrack_proto.c,
// ipv4_conntrack_ops).
func (p *program) addTracking() {
	for _, h := range []netfilter.Hook{netfilter.Prerouting, netfilter.Output} {
		p.add(h, netfilter.PriorityConntrack, (*transit).track)
	}
	for _, h := range []netfilter.Hook{netfilter.Input, netfilter.Postrouting} {
		p.add(h, priorityConfirm, (*transit).confirm)
	}
}

// addTable adds a table of xtables at its hooks. At OUTPUT, packets that mangle
// changed are routed again.
func (p *program) addTable(t *xtables.Table) {
	walk := func(tr *transit) netfilter.Verdict { return tr.walk(t) }
	for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
		priority, ok := t.At(h)
		switch {
		case !ok:
		case t.Name == "nat":
			p.addNAT(h, int32(priority), walk)
		case t.Name == "mangle" && h == netfilter.Output:
			p.add(h, int32(priority), rerouting(walk))
		default:
			p.add(h, int32(priority), walk)
		}
	}
}

// addFunction adds a function of the provider of this number.
func (p *program) addFunction(fn netfilter.HookFunction, provider int) {
	run := func(tr *transit) netfilter.Verdict { return tr.runFunction(fn.Run, provider) }
	switch {
	case fn.Run == nil:
	case fn.Type == netfilter.NATHook:
		p.addNAT(fn.Hook, fn.Priority, run)
	case fn.Type == netfilter.RouteHook && fn.Hook == netfilter.Output:
		p.add(fn.Hook, fn.Priority, rerouting(run))
	default:
		p.add(fn.Hook, fn.Priority, run)
	}
}

// natPriorities are the priorities of address translation at its hooks
// (net/netfilter/nf_nat_proto.c, nf_nat_ipv4_ops).
var natPriorities = [netfilter.NumHooks]int32{netfilter.Prerouting: netfilter.PriorityNATDst, netfilter.Input: netfilter.PriorityNATSrc,
	netfilter.Output: netfilter.PriorityNATDst, netfilter.Postrouting: netfilter.PriorityNATSrc}

// addNAT adds a function that sets up address translation at a hook. The first one
// registers translation at all of its hooks (net/netfilter/nf_nat_core.c,
// nf_nat_register_fn).
func (p *program) addNAT(h netfilter.Hook, priority int32, run func(*transit) netfilter.Verdict) {
	if !slices.ContainsFunc(p.nat[:], func(list []hookFunction) bool { return len(list) > 0 }) {
		for h, priority := range natPriorities {
			if priority != 0 {
				p.add(netfilter.Hook(h), priority, (*transit).translationHook)
			}
		}
	}
	p.nat[h] = register(p.nat[h], hookFunction{priority, run})
}

// hook runs the functions of a hook; it returns false if one of them ended the path of
// the packet.
func (tr *transit) hook(h netfilter.Hook) bool {
	tr.at(h)
	for _, f := range tr.s.node.programs[tr.c.Family].hooks[h] {
		if v := f.run(tr); v != netfilter.Accept {
			tr.end(v)
			return false
		}
	}
	return true
}

// walk evaluates the table's built-in chain of the hook. Packets that its rules send on
// lo are received only after the walk (net/ipv4/netfilter/ip_tables.c, ipt_do_table,
// local_bh_disable).
func (tr *transit) walk(t *xtables.Table) netfilter.Verdict {
	held := tr.s.hold()
	v := tr.walker.Walk(t)
	tr.s.release(held)
	return v
}

// runFunction calls a function of the provider of this number.
func (tr *transit) runFunction(run func(*netfilter.Context) netfilter.Verdict, provider int) netfilter.Verdict {
	held := tr.s.hold()
	tr.walker.Refresh()
	tr.c.Table, tr.c.Rule = "", nil
	tr.path.enter(provider)
	tr.c.Begin(tr.s.providers[provider])
	v := run(&tr.c)
	tr.walker.Refresh()
	tr.s.release(held)
	if tr.outcome.err != nil {
		return netfilter.Drop
	}
	return v
}

// rerouting returns a function that calls run and looks up a new route if run changed
// the packet (net/ipv4/netfilter/iptable_mangle.c, ipt_mangle_out).
func rerouting(run func(*transit) netfilter.Verdict) func(*transit) netfilter.Verdict {
	return func(tr *transit) netfilter.Verdict {
		before := routekey.MangledOf(&tr.pkt)
		v := run(tr)
		if v == netfilter.Drop || v == netfilter.Stolen || before == routekey.MangledOf(&tr.pkt) {
			return v
		}
		if !tr.reroute() {
			return netfilter.Drop
		}
		return v
	}
}
