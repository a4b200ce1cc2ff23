package target

import (
	"fmt"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// ConnMark changes the mark of the packet's connection, or copies marks between
// packet and connection (net/netfilter/xt_connmark.c, connmark_tg_shift). The
// bits of the changed mark that its mask covers are cleared, then the other
// mark, ANDed with its own mask and shifted, is XORed in.
type ConnMark struct {
	Op     MarkOp
	Value  uint32 // with SetMark
	CTMask uint32 // of the connection's mark
	NFMask uint32 // of the packet's mark
	Shift  uint8  // 0 to 31 bits
	Right  bool   // shift towards lower bits
}

// MarkOp is the operation of ConnMark. The zero value is SetMark.
type MarkOp uint8

// The operations.
const (
	SetMark     MarkOp = iota // sets bits of the connection's mark, then shifts the whole mark
	SaveMark                  // changes the connection's mark to the packet's
	RestoreMark               // changes the packet's mark to the connection's
)

// connmarkOps are the options for the operations, of which exactly one must be
// given.
var connmarkOps = []string{"set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark", "save-mark", "restore-mark"}

var connmarkDefinition = netfilter.Definition{
	Name:     "CONNMARK",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &ConnMark{CTMask: 1<<32 - 1, NFMask: 1<<32 - 1} },
	Options: []netfilter.OptionDef{
		connmarkSet("set-xmark", func(v, m uint32) (value, mask uint32) { return v, m }),
		connmarkSet("set-mark", func(v, m uint32) (value, mask uint32) { return v, v | m }),
		connmarkSet("and-mark", func(v, _ uint32) (value, mask uint32) { return 0, ^v }),
		connmarkSet("or-mark", func(v, _ uint32) (value, mask uint32) { return v, v }),
		connmarkSet("xor-mark", func(v, _ uint32) (value, mask uint32) { return v, 0 }),
		{Name: "save-mark", Set: netfilter.Into(func(t *ConnMark, _ *netfilter.Value) error { t.Op = SaveMark; return nil })},
		{Name: "restore-mark",
			Set: netfilter.Into(func(t *ConnMark, _ *netfilter.Value) error { t.Op = RestoreMark; return nil })},
		connmarkMask("ctmask", func(t *ConnMark, m uint32) { t.CTMask = m }, "mask"),
		connmarkMask("nfmask", func(t *ConnMark, m uint32) { t.NFMask = m }, "mask"),
		connmarkMask("mask", func(t *ConnMark, m uint32) { t.CTMask, t.NFMask = m, m }, "ctmask", "nfmask"),
		connmarkShift("left-shift-mark", false),
		connmarkShift("right-shift-mark", true),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, connmarkOps...)
	},
}

// connmarkSet is one of the options that set the connection's mark. Only the
// first two take a mask (iptables extensions/libxt_CONNMARK.c).
func connmarkSet(name string, meaning func(v, m uint32) (value, mask uint32)) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *ConnMark, v *netfilter.Value) error {
		read := opt.Masked
		if name != "set-xmark" && name != "set-mark" {
			read = opt.Unmasked
		}
		value, mask, err := read(v.Arg())
		t.Op = SetMark
		t.Value, t.CTMask = meaning(value, mask)
		return err
	})}
}

func connmarkMask(name string, store func(*ConnMark, uint32), excludes ...string) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Excludes: excludes,
		Set: netfilter.Into(func(t *ConnMark, v *netfilter.Value) error {
			m, _, err := opt.Unmasked(v.Arg())
			store(t, m)
			return err
		})}
}

// connmarkShift reads a shift; if both directions are given the last one is
// used.
func connmarkShift(name string, right bool) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *ConnMark, v *netfilter.Value) error {
		n, err := opt.Uint(v.Arg(), 0, 32)
		t.Shift, t.Right = uint8(n), right
		return err
	})}
}

// Definition returns the extension's definition.
func (t *ConnMark) Definition() *netfilter.Definition { return &connmarkDefinition }

// Name returns "CONNMARK".
func (t *ConnMark) Name() string { return "CONNMARK" }

// AppendOptions appends operation, masks and shift in the canonical form.
func (t *ConnMark) AppendOptions(b []byte) []byte {
	if t.Op == SetMark {
		b = opt.AppendHex(opt.AppendOption(b, "set-xmark ", false), t.Value)
		b = opt.AppendHex(append(b, '/'), t.CTMask)
	} else {
		name := "save-mark"
		if t.Op == RestoreMark {
			name = "restore-mark"
		}
		b = opt.AppendOption(b, name, false)
		b = opt.AppendHex(opt.AppendOption(b, "nfmask ", false), t.NFMask)
		b = opt.AppendHex(opt.AppendOption(b, "ctmask ", false), t.CTMask)
	}
	if t.Shift == 0 {
		return b
	}
	name := "left-shift-mark "
	if t.Right {
		name = "right-shift-mark "
	}
	return strconv.AppendUint(opt.AppendOption(b, name, false), uint64(t.Shift), 10)
}

// Requires implements netfilter.Requirer: connection tracking.
func (t *ConnMark) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Check refuses a shift by 32 bits (connmark_tg_check).
func (t *ConnMark) Check(netfilter.CheckContext) error {
	if t.Shift > 31 {
		return fmt.Errorf("a shift by %d bits is not possible: need 0-31", t.Shift)
	}
	return nil
}

// Apply changes a mark. A packet without a connection is not changed.
func (t *ConnMark) Apply(c *netfilter.Context) netfilter.Verdict {
	if c.Conn == nil {
		return netfilter.Continue
	}
	switch t.Op {
	case SetMark:
		c.Conn.Mark = t.shifted(c.Conn.Mark&^t.CTMask ^ t.Value)
	case SaveMark:
		c.Conn.Mark = c.Conn.Mark&^t.CTMask ^ t.shifted(c.Packet.Mark&t.NFMask)
	case RestoreMark:
		p := c.Edit()
		p.Mark = p.Mark&^t.NFMask ^ t.shifted(c.Conn.Mark&t.CTMask)
	}
	return netfilter.Continue
}

func (t *ConnMark) shifted(v uint32) uint32 {
	if t.Right {
		return v >> t.Shift
	}
	return v << t.Shift
}
