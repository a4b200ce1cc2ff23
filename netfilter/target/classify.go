package target

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Classify sets the priority of the packet, the traffic class it belongs to
// (net/netfilter/xt_CLASSIFY.c, classify_tg).
type Classify struct{ Class uint32 } // major number in the upper half, minor in the lower

var classifyDefinition = netfilter.Definition{
	Name:     "CLASSIFY",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Classify{} },
	Hooks:    netfilter.HooksOf(netfilter.Forward, netfilter.Output, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		{Name: "set-class", Args: 1, Required: true, Set: netfilter.Into((*Classify).setClass)},
	},
}

// setClass reads "major:minor" in hex as sscanf does: each number is truncated
// to 16 bits, and text after the second is ignored.
func (t *Classify) setClass(v *netfilter.Value) error {
	major, rest, ok := opt.ScanHex(v.Arg())
	if ok {
		rest, ok = strings.CutPrefix(rest, ":")
	}
	if !ok {
		return fmt.Errorf("bad class %q: need major:minor in hex", v.Arg())
	}
	minor, _, ok := opt.ScanHex(rest)
	if !ok {
		return fmt.Errorf("bad class %q: need major:minor in hex", v.Arg())
	}
	t.Class = major<<16 | minor&0xffff
	return nil
}

// Definition returns the extension's definition.
func (t *Classify) Definition() *netfilter.Definition { return &classifyDefinition }

// Name returns "CLASSIFY".
func (t *Classify) Name() string { return "CLASSIFY" }

// AppendOptions appends "--set-class major:minor".
func (t *Classify) AppendOptions(b []byte) []byte {
	return fmt.Appendf(opt.AppendOption(b, "set-class", false), " %04x:%04x", t.Class>>16, t.Class&0xffff)
}

// Apply sets the priority.
func (t *Classify) Apply(c *netfilter.Context) netfilter.Verdict {
	c.Edit().Priority = t.Class
	return netfilter.Continue
}
