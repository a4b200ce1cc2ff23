package target

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// TOS changes the type of service or traffic class: the bits of Mask are
// cleared, then Value is XORed in (net/netfilter/xt_DSCP.c, tos_tg, tos_tg6).
// The zero value changes nothing.
type TOS struct{ Value, Mask uint8 }

var tosDefinition = netfilter.Definition{
	Name:     "TOS",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &TOS{} },
	Tables:   []string{"mangle"},
	Options: []netfilter.OptionDef{
		{Name: "set-tos", Args: 1, Set: netfilter.Into(func(t *TOS, v *netfilter.Value) (err error) {
			t.Value, t.Mask, err = opt.TOS(v.Arg())
			return err
		})},
		tosOption("and-tos", func(v uint8) TOS { return TOS{0, ^v} }),
		tosOption("or-tos", func(v uint8) TOS { return TOS{v, v} }),
		tosOption("xor-tos", func(v uint8) TOS { return TOS{v, 0} }),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, "set-tos", "and-tos", "or-tos", "xor-tos")
	},
}

func tosOption(name string, make func(v uint8) TOS) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *TOS, v *netfilter.Value) error {
		n, err := opt.Uint(v.Arg(), 0, 255)
		*t = make(uint8(n))
		return err
	})}
}

// Definition returns the extension's definition.
func (t *TOS) Definition() *netfilter.Definition { return &tosDefinition }

// Name returns "TOS".
func (t *TOS) Name() string { return "TOS" }

// AppendOptions appends "--set-tos value/mask", whichever option was given.
func (t *TOS) AppendOptions(b []byte) []byte {
	return fmt.Appendf(opt.AppendOption(b, "set-tos", false), " 0x%02x/0x%02x", t.Value, t.Mask)
}

// Apply changes the type of service.
func (t *TOS) Apply(c *netfilter.Context) netfilter.Verdict {
	old := c.Packet.TOS()
	if n := old&^t.Mask ^ t.Value; n != old {
		c.Edit().SetTOS(n)
	}
	return netfilter.Continue
}
