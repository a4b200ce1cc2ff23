package target

import "github.com/packetpath/packetpath/netfilter"

// Accept lets the packet pass this table; evaluation continues with the
// following tables and hooks (net/ipv4/netfilter/ip_tables.c, ipt_do_table).
type Accept struct{}

var acceptDefinition = netfilter.Definition{
	Name:     "ACCEPT",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Accept{} },
}

// Definition returns the extension's definition.
func (t *Accept) Definition() *netfilter.Definition { return &acceptDefinition }

// Name returns "ACCEPT".
func (t *Accept) Name() string { return "ACCEPT" }

// AppendOptions appends nothing: there are no options.
func (t *Accept) AppendOptions(b []byte) []byte { return b }

// Apply returns the verdict.
func (t *Accept) Apply(*netfilter.Context) netfilter.Verdict { return t.StandardVerdict() }

// StandardVerdict returns netfilter.Accept.
func (t *Accept) StandardVerdict() netfilter.Verdict { return netfilter.Accept }
