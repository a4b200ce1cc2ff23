package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// DNAT translates the destination of the connection (net/netfilter/xt_nat.c,
// xt_dnat_target_v2).
type DNAT struct{ Range netfilter.NATRange }

var dnatDefinition = netfilter.Definition{
	Name:     "DNAT",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &DNAT{} },
	Tables:   []string{"nat"},
	Hooks:    netfilter.HooksOf(netfilter.Prerouting, netfilter.Output),
	Options: []netfilter.OptionDef{
		{Name: "to-destination", Args: 1, Required: true,
			Set: netfilter.Into(func(t *DNAT, v *netfilter.Value) error { return opt.NATTo(v, &t.Range) })},
		{Name: "random",
			Set: netfilter.Into(func(t *DNAT, _ *netfilter.Value) error { t.Range.Random = true; return nil })},
		{Name: "persistent",
			Set: netfilter.Into(func(t *DNAT, _ *netfilter.Value) error { t.Range.Persistent = true; return nil })},
	},
}

// Definition returns the extension's definition.
func (t *DNAT) Definition() *netfilter.Definition { return &dnatDefinition }

// Name returns "DNAT".
func (t *DNAT) Name() string { return "DNAT" }

// AppendOptions appends the options given.
func (t *DNAT) AppendOptions(b []byte) []byte {
	return opt.AppendNATFlags(opt.AppendNATTo(b, "to-destination", &t.Range), &t.Range)
}

// Check refuses addresses of the other family.
func (t *DNAT) Check(p netfilter.CheckContext) error {
	return p.NeedFamily(t.Range.MinAddr, t.Range.MaxAddr)
}

// Requires implements netfilter.Requirer: connection tracking.
func (t *DNAT) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Apply sets up the translation and accepts the packet.
func (t *DNAT) Apply(c *netfilter.Context) netfilter.Verdict {
	return c.Engine.SetupNAT(netfilter.ManipDst, t.Range)
}
