package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Mark changes the packet's mark: the bits of Mask are cleared, then Value is
// XORed in (net/netfilter/xt_mark.c, mark_tg). The zero value changes nothing.
type Mark struct{ Value, Mask uint32 }

var markDefinition = netfilter.Definition{
	Name:     "MARK",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Mark{} },
	Options: []netfilter.OptionDef{
		markOption("set-xmark", func(v, m uint32) Mark { return Mark{v, m} }),
		markOption("set-mark", func(v, m uint32) Mark { return Mark{v, v | m} }),
		markOption("and-mark", func(v, _ uint32) Mark { return Mark{0, ^v} }),
		markOption("or-mark", func(v, _ uint32) Mark { return Mark{v, v} }),
		markOption("xor-mark", func(v, _ uint32) Mark { return Mark{v, 0} }),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, "set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark")
	},
}

// markOption is one of the options that set the mark; only the first two take a
// mask (iptables extensions/libxt_MARK.c).
func markOption(name string, make func(value, mask uint32) Mark) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *Mark, v *netfilter.Value) error {
		read := opt.Masked
		if name != "set-xmark" && name != "set-mark" {
			read = opt.Unmasked
		}
		value, mask, err := read(v.Arg())
		if err == nil {
			*t = make(value, mask)
		}
		return err
	})}
}

// Definition returns the extension's definition.
func (t *Mark) Definition() *netfilter.Definition { return &markDefinition }

// Name returns "MARK".
func (t *Mark) Name() string { return "MARK" }

// AppendOptions appends "--set-xmark value/mask", whichever option was given.
func (t *Mark) AppendOptions(b []byte) []byte {
	b = opt.AppendHex(opt.AppendOption(b, "set-xmark ", false), t.Value)
	return opt.AppendHex(append(b, '/'), t.Mask)
}

// Apply changes the mark.
func (t *Mark) Apply(c *netfilter.Context) netfilter.Verdict {
	p := c.Edit()
	p.Mark = p.Mark&^t.Mask ^ t.Value
	return netfilter.Continue
}
