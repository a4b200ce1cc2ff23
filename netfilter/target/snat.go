package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// SNAT translates the source of the connection (net/netfilter/xt_nat.c,
// xt_snat_target_v1).
type SNAT struct{ Range netfilter.NATRange }

var snatDefinition = netfilter.Definition{
	Name:     "SNAT",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &SNAT{} },
	Tables:   []string{"nat"},
	Hooks:    netfilter.HooksOf(netfilter.Input, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		{Name: "to-source", Args: 1, Required: true, Set: netfilter.Into((*SNAT).setTo)},
		{Name: "random",
			Set: netfilter.Into(func(t *SNAT, _ *netfilter.Value) error { t.Range.Random = true; return nil })},
		{Name: "random-fully",
			Set: netfilter.Into(func(t *SNAT, _ *netfilter.Value) error { t.Range.RandomFully = true; return nil })},
		{Name: "persistent",
			Set: netfilter.Into(func(t *SNAT, _ *netfilter.Value) error { t.Range.Persistent = true; return nil })},
	},
}

// setTo reads the range. The data structure of this target has no field for a
// base port: iptables parses one and stores 0.
func (t *SNAT) setTo(v *netfilter.Value) error {
	err := opt.NATTo(v, &t.Range)
	t.Range.BasePort = 0
	return err
}

// Definition returns the extension's definition.
func (t *SNAT) Definition() *netfilter.Definition { return &snatDefinition }

// Name returns "SNAT".
func (t *SNAT) Name() string { return "SNAT" }

// AppendOptions appends the options given.
func (t *SNAT) AppendOptions(b []byte) []byte {
	return opt.AppendNATFlags(opt.AppendNATTo(b, "to-source", &t.Range), &t.Range)
}

// Check refuses addresses of the other family.
func (t *SNAT) Check(p netfilter.CheckContext) error {
	return p.NeedFamily(t.Range.MinAddr, t.Range.MaxAddr)
}

// Requires implements netfilter.Requirer: connection tracking.
func (t *SNAT) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Apply sets up the translation and accepts the packet.
func (t *SNAT) Apply(c *netfilter.Context) netfilter.Verdict {
	return c.Engine.SetupNAT(netfilter.ManipSrc, t.Range)
}
