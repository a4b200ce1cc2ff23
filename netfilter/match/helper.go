package match

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Helper matches packets of connections that a helper of another connection
// expected (net/netfilter/xt_helper.c, helper_mt). The zero value matches those
// of any helper.
type Helper struct {
	Helper string // prefix of the helper's name; "" is any
	Invert bool
}

// maxHelper is the maximum length of the name in bytes; longer names are
// truncated.
const maxHelper = 29

var helperDefinition = netfilter.Definition{
	Name:     "helper",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Helper{} },
	Options: []netfilter.OptionDef{
		{Name: "helper", Args: 1, Negatable: true, Required: true,
			Set: netfilter.Into(func(m *Helper, v *netfilter.Value) error {
				m.Helper, m.Invert = v.Arg()[:min(len(v.Arg()), maxHelper)], v.Invert
				return nil
			})},
	},
}

// Definition returns the extension's definition.
func (m *Helper) Definition() *netfilter.Definition { return &helperDefinition }

// Name returns "helper".
func (m *Helper) Name() string { return "helper" }

// Requires implements netfilter.Requirer: connection tracking.
func (m *Helper) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// AppendOptions appends "[!] --helper name".
func (m *Helper) AppendOptions(b []byte) []byte {
	return netfilter.AppendQuoted(append(opt.AppendOption(b, "helper", m.Invert), ' '), m.Helper)
}

// Match compares the name of the helper with the beginning of the option, so
// that "ftp-2121" covers "ftp". Packets of connections that were not expected
// match only when inverted.
func (m *Helper) Match(c *netfilter.Context) bool {
	if c.Conn == nil || c.Conn.Master == nil || c.Conn.Master.Helper == "" {
		return m.Invert
	}
	return (m.Helper == "" || strings.HasPrefix(m.Helper, c.Conn.Master.Helper)) != m.Invert
}
