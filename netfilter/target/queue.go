package target

import "github.com/packetpath/packetpath/netfilter"

// Queue passes the packet to user space, to queue 0. No program listens there
// unless the host description has one (net/ipv4/netfilter/ip_tables.c,
// ipt_do_table).
type Queue struct{}

var queueDefinition = netfilter.Definition{
	Name:     "QUEUE",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Queue{} },
}

// Definition returns the extension's definition.
func (t *Queue) Definition() *netfilter.Definition { return &queueDefinition }

// Name returns "QUEUE".
func (t *Queue) Name() string { return "QUEUE" }

// AppendOptions appends nothing: there are no options.
func (t *Queue) AppendOptions(b []byte) []byte { return b }

// Apply returns the verdict.
func (t *Queue) Apply(*netfilter.Context) netfilter.Verdict { return t.StandardVerdict() }

// StandardVerdict returns netfilter.Queue.
func (t *Queue) StandardVerdict() netfilter.Verdict { return netfilter.Queue }
