package target

import (
	"errors"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Tee sends a copy of the packet to a gateway; the packet itself goes on to the
// next rule (net/netfilter/xt_TEE.c, tee_tg4, tee_tg6; net/ipv4/netfilter/
// nf_dup_ipv4.c, net/ipv6/netfilter/nf_dup_ipv6.c).
type Tee struct {
	Gateway netip.Addr
	Out     string // name of the link, up to 15 bytes; "" for the one chosen by routing
}

// Equal reports whether both are the same target. It is used by go-cmp.
func (t Tee) Equal(o Tee) bool { return t == o }

const maxLinkName = 15

var teeDefinition = netfilter.Definition{
	Name:     "TEE",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Tee{} },
	Options: []netfilter.OptionDef{
		{Name: "gateway", Args: 1, Required: true, Set: netfilter.Into(func(t *Tee, v *netfilter.Value) (err error) {
			t.Gateway, err = opt.Addr(v.Arg(), v.Family)
			return err
		})},
		opt.Text("oif", maxLinkName, func(t *Tee) *string { return &t.Out }),
	},
}

// Definition returns the extension's definition.
func (t *Tee) Definition() *netfilter.Definition { return &teeDefinition }

// Name returns "TEE".
func (t *Tee) Name() string { return "TEE" }

// AppendOptions appends "--gateway address" and the link if there is one.
func (t *Tee) AppendOptions(b []byte) []byte {
	b = netfilter.AppendAddr(opt.AppendOption(b, "gateway ", false), t.Gateway)
	if t.Out != "" {
		b = append(opt.AppendOption(b, "oif ", false), t.Out...)
	}
	return b
}

// Check refuses an unspecified gateway (tee_tg_check), and one of the other
// family.
func (t *Tee) Check(p netfilter.CheckContext) error {
	if !t.Gateway.IsValid() || t.Gateway.IsUnspecified() {
		return errors.New("a gateway is needed")
	}
	return p.NeedFamily(t.Gateway)
}

// Apply sends the copy.
func (t *Tee) Apply(c *netfilter.Context) netfilter.Verdict {
	c.Engine.Duplicate(t.Gateway, t.Out)
	return netfilter.Continue
}
