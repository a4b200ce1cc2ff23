package netfilter

import "time"

// HookFunction is a function that is called for the packets at a hook
// (include/linux/netfilter.h, struct nf_hook_ops). The tables of xtables,
// connection tracking, address translation and reassembly are hook functions of
// the engine itself; a HookProvider adds others.
type HookFunction struct {
	Family   Family
	Hook     Hook
	Priority int32 // lowest first; of equal ones the function registered last comes first
	Type     HookType
	// Requires are the subsystems that the function's rules enable. Those that are
	// not enabled yet register their own hook functions right after this one.
	Requires Requirements
	// Run evaluates the packet of the context, whose Hook, In, Out, Conn and State
	// are set. It may set Table and Rule, for the messages of Engine.Fail and
	// Engine.Assume. It returns Accept, Drop, Queue or Stolen. It changes the
	// packet through Context.Edit and reports its steps by Engine.Step. A function
	// whose Run is nil only enables subsystems.
	Run func(c *Context) Verdict
}

// HookType is the type of a hook function. The zero value is FilterHook.
type HookType uint8

// The types.
const (
	// FilterHook functions see every packet.
	FilterHook HookType = iota
	// NATHook functions are called for the first packet of a connection only: the
	// translation they set up with Engine.SetupNAT applies to the whole connection.
	// They are called in turn, at the priority of address translation, until one of
	// them has set it up (net/netfilter/nf_nat_core.c, nf_nat_inet_fn). Their own
	// priorities order them only among each other.
	NATHook
	// RouteHook functions see every packet. At OUTPUT one whose addresses, mark or
	// type of service they changed is routed again (net/ipv4/netfilter/
	// iptable_mangle.c, ipt_mangle_out; net/netfilter/nft_chain_route.c).
	RouteHook
)

// HookProvider is a ruleset that registers hook functions of its own, such as
// an nftables ruleset in addition to the tables of xtables.
type HookProvider interface {
	Rules
	// HookFunctions returns the functions in the order in which they are
	// registered. It is called once when a node is made.
	HookFunctions() []HookFunction
	// NewState returns the state of the ruleset for a session: the contents of its
	// sets, counters and limits when the ruleset is loaded at time now.
	// Context.State returns it while Run is called. It may be nil.
	NewState(now time.Time) State
}

// Requirements is a set of subsystems that the kernel enables, for a family,
// when a rule that needs them is loaded. The zero value is none.
type Requirements uint8

// The subsystems.
const (
	// RequireConntrack: connection tracking. Without it no NATHook function is
	// called (net/netfilter/nf_conntrack_proto.c, nf_ct_netns_get).
	RequireConntrack Requirements = 1 << iota
	// RequireDefrag: fragments are reassembled before all tables.
	RequireDefrag
	// RequireAccounting: new connections count their packets
	// (net.netfilter.nf_conntrack_acct).
	RequireAccounting
	// RequireLabels: new connections have labels (net/netfilter/
	// nf_conntrack_labels.c, nf_connlabels_get).
	RequireLabels
	// RequireSynProxy: packets of connections that SYNPROXY opened are translated
	// (net/netfilter/nf_synproxy_core.c, nf_synproxy_ipv4_init).
	RequireSynProxy
)

// Has reports whether all of these are in the set.
func (r Requirements) Has(of Requirements) bool { return r&of == of }

// Requirer is implemented by extensions that need subsystems.
type Requirer interface {
	Requires() Requirements
}

// Rules is a ruleset of any kind that a host can load: a *Ruleset of xtables or a
// HookProvider.
type Rules interface {
	// Check returns the errors with which the tools or the kernel would refuse the
	// ruleset; nil if they would load it.
	Check() error
}
