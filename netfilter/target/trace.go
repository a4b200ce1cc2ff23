package target

import "github.com/packetpath/packetpath/netfilter"

// Trace makes the kernel log every rule that the packet matches from here on
// (net/netfilter/xt_TRACE.c, trace_tg).
type Trace struct{}

var traceDefinition = netfilter.Definition{
	Name:     "TRACE",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Trace{} },
	Tables:   []string{"raw"},
}

// Definition returns the extension's definition.
func (t *Trace) Definition() *netfilter.Definition { return &traceDefinition }

// Name returns "TRACE".
func (t *Trace) Name() string { return "TRACE" }

// AppendOptions appends nothing: there are no options.
func (t *Trace) AppendOptions(b []byte) []byte { return b }

// Apply marks the packet for tracing.
func (t *Trace) Apply(c *netfilter.Context) netfilter.Verdict {
	c.Engine.SetTrace(true)
	return netfilter.Continue
}
