package target

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
)

// Drop discards the packet without notifying the sender
// (net/ipv4/netfilter/ip_tables.c, ipt_do_table).
type Drop struct{}

var dropDefinition = netfilter.Definition{
	Name:     "DROP",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Drop{} },
}

// Definition returns the extension's definition.
func (t *Drop) Definition() *netfilter.Definition { return &dropDefinition }

// Name returns "DROP".
func (t *Drop) Name() string { return "DROP" }

// AppendOptions appends nothing: there are no options.
func (t *Drop) AppendOptions(b []byte) []byte { return b }

// Check refuses the target in the nat table, where only the first packet of a
// connection would reach it (iptables/iptables.c, do_command4).
func (t *Drop) Check(p netfilter.CheckContext) error {
	if p.Table == "nat" {
		return errors.New("the nat table is not for filtering: drop in filter or mangle")
	}
	return nil
}

// Apply returns the verdict.
func (t *Drop) Apply(*netfilter.Context) netfilter.Verdict { return t.StandardVerdict() }

// StandardVerdict returns netfilter.Drop.
func (t *Drop) StandardVerdict() netfilter.Verdict { return netfilter.Drop }
