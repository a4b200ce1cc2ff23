package match

import (
	"errors"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// PhysDev matches the bridge ports by which the packet came in and leaves
// (net/netfilter/xt_physdev.c, physdev_mt). The zero value matches every
// packet.
type PhysDev struct {
	In, Out                LinkTest
	IsIn, IsOut, IsBridged FlagTest
}

// LinkTest is a condition on the name of a link, where a final "+" stands for
// any ending. The zero value is none.
type LinkTest struct {
	Name   string
	Invert bool
	Given  bool
}

const maxLinkName = 15

var physdevDefinition = netfilter.Definition{
	Name:     "physdev",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &PhysDev{} },
	Options: []netfilter.OptionDef{
		linkTest("physdev-in", func(m *PhysDev) *LinkTest { return &m.In }),
		linkTest("physdev-out", func(m *PhysDev) *LinkTest { return &m.Out }),
		flagTest("physdev-is-in", func(m *PhysDev) *FlagTest { return &m.IsIn }),
		flagTest("physdev-is-out", func(m *PhysDev) *FlagTest { return &m.IsOut }),
		flagTest("physdev-is-bridged", func(m *PhysDev) *FlagTest { return &m.IsBridged }),
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error {
		if *e.(*PhysDev) == (PhysDev{}) {
			return errors.New("at least one option must be given")
		}
		return nil
	},
}

func linkTest(name string, field func(*PhysDev) *LinkTest) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *PhysDev, v *netfilter.Value) error {
			if len(v.Arg()) > maxLinkName {
				return fmt.Errorf("bad link name %q: at most %d bytes fit", v.Arg(), maxLinkName)
			}
			*field(m) = LinkTest{v.Arg(), v.Invert, true}
			return nil
		})}
}

// Definition returns the extension's definition.
func (m *PhysDev) Definition() *netfilter.Definition { return &physdevDefinition }

// Name returns "physdev".
func (m *PhysDev) Name() string { return "physdev" }

// AppendOptions appends the options given.
func (m *PhysDev) AppendOptions(b []byte) []byte {
	b = m.IsIn.append(b, "physdev-is-in")
	b = m.In.append(b, "physdev-in")
	b = m.IsOut.append(b, "physdev-is-out")
	b = m.Out.append(b, "physdev-out")
	return m.IsBridged.append(b, "physdev-is-bridged")
}

func (t *LinkTest) append(b []byte, name string) []byte {
	if !t.Given {
		return b
	}
	return append(append(opt.AppendOption(b, name, t.Invert), ' '), t.Name...)
}

// Check refuses conditions on the output port in OUTPUT, where it is not known
// yet (physdev_mt_check).
func (m *PhysDev) Check(p netfilter.CheckContext) error {
	if (m.Out.Given || m.IsOut != AnyFlag) && m.IsBridged != FlagSet && p.Hooks.Has(netfilter.Output) {
		return errors.New("the port that a packet leaves by is not known in OUTPUT")
	}
	return nil
}

// Match compares the ports. A packet that no bridge handled matches if all
// options are inverted.
func (m *PhysDev) Match(c *netfilter.Context) bool {
	in, out := c.Packet.PhysIn, c.Packet.PhysOut
	if in == "" && out == "" {
		without := m.IsBridged != FlagSet && m.IsIn != FlagSet && m.IsOut != FlagSet &&
			(!m.In.Given || m.In.Invert) && (!m.Out.Given || m.Out.Invert)
		return c.Engine.Suppose("the packet crosses no bridge: Packet.PhysIn and PhysOut were not given") == without
	}
	return m.IsBridged.holds(out != "") && m.IsIn.holds(in != "") && m.IsOut.holds(out != "") &&
		(!m.In.Given || in == "" || m.In.holds(in)) && (!m.Out.Given || out != "" && m.Out.holds(out))
}

func (t *LinkTest) holds(name string) bool {
	return netfilter.InterfaceMatches(t.Name, name) != t.Invert
}
