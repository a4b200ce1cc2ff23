package match

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// DevGroup matches the groups of the input and output links
// (net/netfilter/xt_devgroup.c, devgroup_mt). The zero value matches every
// packet.
type DevGroup struct{ Src, Dst cond.Masked }

// groupZero is the name of group 0. Names that /etc/iproute2/group gives to
// others are not known.
const groupZero = "default"

var devgroupDefinition = netfilter.Definition{
	Name:     "devgroup",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &DevGroup{} },
	Options: []netfilter.OptionDef{
		opt.NamedMask("src-group", groupZero, func(m *DevGroup) *cond.Masked { return &m.Src }),
		opt.NamedMask("dst-group", groupZero, func(m *DevGroup) *cond.Masked { return &m.Dst }),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		if !given("src-group") && !given("dst-group") {
			return errors.New("--src-group or --dst-group must be given")
		}
		return nil
	},
}

// Definition returns the extension's definition.
func (m *DevGroup) Definition() *netfilter.Definition { return &devgroupDefinition }

// Name returns "devgroup".
func (m *DevGroup) Name() string { return "devgroup" }

// AppendOptions appends the options given.
func (m *DevGroup) AppendOptions(b []byte) []byte {
	b = opt.AppendNamedMask(b, "src-group", groupZero, m.Src)
	return opt.AppendNamedMask(b, "dst-group", groupZero, m.Dst)
}

// Check refuses a condition on a link that the hooks do not have
// (devgroup_mt_checkentry).
func (m *DevGroup) Check(p netfilter.CheckContext) error {
	if m.Src.Given && p.Hooks&netfilter.HooksOf(netfilter.Output, netfilter.Postrouting) != 0 {
		return errors.New("--src-group has no link to look at in OUTPUT and POSTROUTING")
	}
	if m.Dst.Given && p.Hooks&netfilter.HooksOf(netfilter.Prerouting, netfilter.Input) != 0 {
		return errors.New("--dst-group has no link to look at in PREROUTING and INPUT")
	}
	return nil
}

// Match compares the groups; bits of the values outside the masks are ignored.
func (m *DevGroup) Match(c *netfilter.Context) bool {
	return groupHolds(c, &m.Src, c.In) && groupHolds(c, &m.Dst, c.Out)
}

func groupHolds(c *netfilter.Context, g *cond.Masked, link string) bool {
	info, _ := c.Engine.Link(link)
	return !g.Given || ((info.Group^g.Value)&g.Mask == 0) != g.Invert
}
