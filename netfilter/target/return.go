package target

import "github.com/packetpath/packetpath/netfilter"

// Return ends the chain: evaluation continues in the calling chain after the
// jump, or with the policy of a built-in chain (net/ipv4/netfilter/ip_tables.c,
// ipt_do_table).
type Return struct{}

var returnDefinition = netfilter.Definition{
	Name:     "RETURN",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Return{} },
}

// Definition returns the extension's definition.
func (t *Return) Definition() *netfilter.Definition { return &returnDefinition }

// Name returns "RETURN".
func (t *Return) Name() string { return "RETURN" }

// AppendOptions appends nothing: there are no options.
func (t *Return) AppendOptions(b []byte) []byte { return b }

// Apply returns the verdict.
func (t *Return) Apply(*netfilter.Context) netfilter.Verdict { return t.StandardVerdict() }

// StandardVerdict returns netfilter.Return.
func (t *Return) StandardVerdict() netfilter.Verdict { return netfilter.Return }
