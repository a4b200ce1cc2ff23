package netfilter

import "time"

// HookFunction is a function that judges the packets which come to a hook
// (include/linux/netfilter.h, struct nf_hook_ops). The tables of xtables,
// connection tracking, address translation and reassembly are such functions of
// the engine's own; a HookProvider brings others.
type HookFunction struct {
	Family   Family
	Hook     Hook
	Priority int32 // lowest first; of equal ones the function registered last comes first
	Type     HookType
	// Requires are the subsystems that the function's rules turn on. Those that are
	// not on yet register functions of their own right after this one.
	Requires Requirements
	// Run judges the packet of the context, whose Hook, In, Out, Conn and State are
	// set; Table and Rule are the function's own to set, for the messages of
	// Engine.Fail and Engine.Assume. It returns Accept, Drop, Queue or Stolen. It
	// changes the packet through Context.Edit, and tells its steps by Engine.Step. A
	// function without Run does nothing but turn subsystems on.
	Run func(c *Context) Verdict
}

// HookType is what a hook function is for. The zero value is FilterHook.
type HookType uint8

// The types.
const (
	// FilterHook functions see every packet.
	FilterHook HookType = iota
	// NATHook functions are asked for the first packet of a connection only: what
	// they set up by Engine.SetupNAT holds for all of it. Address translation asks
	// all of them in turn, at its own priority, until one has (net/netfilter/
	// nf_nat_core.c, nf_nat_inet_fn). Their priorities order them among each other.
	NATHook
	// RouteHook functions see every packet. At OUTPUT one whose addresses, mark or
	// type of service they changed is routed again (net/ipv4/netfilter/
	// iptable_mangle.c, ipt_mangle_out; net/netfilter/nft_chain_route.c).
	RouteHook
)

// HookProvider is a ruleset that stands at hooks by functions of its own, such as
// one of nftables beside the tables of xtables.
type HookProvider interface {
	Rules
	// HookFunctions returns the functions in the order in which they are
	// registered. It is called once when a node is made.
	HookFunctions() []HookFunction
	// NewState returns the memory of the ruleset for a session: what its sets,
	// counters and limits hold when the ruleset is loaded, at the time given.
	// Context.State returns it while Run is called. It may be nil.
	NewState(now time.Time) State
}

// Requirements is a set of subsystems that the kernel turns on, for a family, when
// a rule that needs them is loaded. The zero value is none.
type Requirements uint8

// The subsystems.
const (
	// RequireConntrack: connection tracking. Without it no NATHook is asked
	// (net/netfilter/nf_conntrack_proto.c, nf_ct_netns_get).
	RequireConntrack Requirements = 1 << iota
	// RequireDefrag: fragments are put together ahead of all tables.
	RequireDefrag
	// RequireAccounting: new connections count their packets
	// (net.netfilter.nf_conntrack_acct).
	RequireAccounting
	// RequireLabels: new connections have labels (net/netfilter/
	// nf_conntrack_labels.c, nf_connlabels_get).
	RequireLabels
	// RequireSynProxy: the host stands in connections that it opened (net/netfilter/
	// nf_synproxy_core.c, nf_synproxy_ipv4_init).
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
	// Check returns what the tools or the kernel would refuse about the ruleset; nil
	// if they load it.
	Check() error
}
