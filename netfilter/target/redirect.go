package target

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Redirect translates the destination of the connection to this host: to an
// address of the input link, or to the loopback address for connections that
// the host opens (net/netfilter/nf_nat_redirect.c, nf_nat_redirect_ipv4,
// nf_nat_redirect_ipv6). The addresses in Range are ignored.
type Redirect struct{ Range netfilter.NATRange }

var redirectDefinition = netfilter.Definition{
	Name:     "REDIRECT",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Redirect{} },
	Tables:   []string{"nat"},
	Hooks:    netfilter.HooksOf(netfilter.Prerouting, netfilter.Output),
	Options: []netfilter.OptionDef{
		{Name: "to-ports", Args: 1, Set: netfilter.Into((*Redirect).setPorts)},
		{Name: "random",
			Set: netfilter.Into(func(t *Redirect, _ *netfilter.Value) error { t.Range.Random = true; return nil })},
	},
}

func (t *Redirect) setPorts(v *netfilter.Value) error {
	err := opt.NATPorts(v, &t.Range)
	if err == nil && t.Range.Offset {
		return errors.New("a base port is possible with DNAT only")
	}
	return err
}

// Definition returns the extension's definition.
func (t *Redirect) Definition() *netfilter.Definition { return &redirectDefinition }

// Name returns "REDIRECT".
func (t *Redirect) Name() string { return "REDIRECT" }

// AppendOptions appends the options given.
func (t *Redirect) AppendOptions(b []byte) []byte {
	return opt.AppendNATFlags(opt.AppendToPorts(b, &t.Range), &t.Range)
}

// Requires implements netfilter.Requirer: connection tracking.
func (t *Redirect) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Apply sets up the translation and accepts the packet. It is dropped if the
// link has no address.
func (t *Redirect) Apply(c *netfilter.Context) netfilter.Verdict {
	a, ok := c.Engine.RedirectAddr()
	if !ok {
		return netfilter.Drop
	}
	r := t.Range
	r.MinAddr, r.MaxAddr = a, a
	return c.Engine.SetupNAT(netfilter.ManipDst, r)
}
