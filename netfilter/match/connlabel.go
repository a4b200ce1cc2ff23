package match

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// ConnLabel matches a label of the packet's connection, and may set it
// (net/netfilter/xt_connlabel.c, connlabel_mt).
type ConnLabel struct {
	Label  uint16 // number of the bit, 0 to 127
	Set    bool   // set it if it is not set
	Invert bool
}

const maxLabel = 127

var connlabelDefinition = netfilter.Definition{
	Name:     "connlabel",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &ConnLabel{} },
	Options: []netfilter.OptionDef{
		{Name: "label", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*ConnLabel).setLabel)},
		opt.Flag("set", func(m *ConnLabel) *bool { return &m.Set }),
	},
}

// setLabel reads a number, which is truncated to 16 bits unless it is negative
// as a 32-bit integer (libxt_connlabel.c, connlabel_value_parse). Names are
// defined in a file of the host, connlabel.conf, which is not read.
func (m *ConnLabel) setLabel(v *netfilter.Value) error {
	if v.Arg() == "" {
		return errors.New("an empty label is not possible")
	}
	n, rest, ok := opt.SignedPrefix(v.Arg())
	if !ok || rest != "" || int32(n) < 0 {
		return fmt.Errorf("bad label %q: need a number of 0-%d (names of connlabel.conf are not known here)", v.Arg(), maxLabel)
	}
	m.Label, m.Invert = uint16(n), v.Invert
	return nil
}

// Definition returns the extension's definition.
func (m *ConnLabel) Definition() *netfilter.Definition { return &connlabelDefinition }

// Name returns "connlabel".
func (m *ConnLabel) Name() string { return "connlabel" }

// AppendOptions appends "[!] --label "number"", in quotes, and "--set".
func (m *ConnLabel) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "label", m.Invert), ` "`...)
	b = append(strconv.AppendUint(b, uint64(m.Label), 10), '"')
	if m.Set {
		b = opt.AppendOption(b, "set", false)
	}
	return b
}

// Requires implements netfilter.Requirer: connection tracking and labels in new connections.
func (m *ConnLabel) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack | netfilter.RequireLabels
}

// Check refuses a label beyond the kernel's 128 bits (nf_connlabels_get).
func (m *ConnLabel) Check(netfilter.CheckContext) error {
	if m.Label > maxLabel {
		return fmt.Errorf("label %d is out of range 0-%d", m.Label, maxLabel)
	}
	return nil
}

// Match tests the label. For a connection without label storage no label is
// set, and none can be set.
func (m *ConnLabel) Match(c *netfilter.Context) bool {
	if c.Conn == nil || !c.Conn.HasLabels {
		return m.Invert
	}
	word, bit := &c.Conn.Labels[m.Label/8], byte(1)<<(m.Label%8)
	if *word&bit == 0 && !m.Set {
		return m.Invert
	}
	*word |= bit
	return !m.Invert
}
