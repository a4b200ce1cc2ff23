package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// ConnSecMark copies the security mark between packet and connection. No rule
// matches security marks, so nothing is copied here
// (net/netfilter/xt_CONNSECMARK.c, connsecmark_tg).
type ConnSecMark struct{ Restore bool } // copy to the packet; else to the connection

var connsecmarkDefinition = netfilter.Definition{
	Name:     "CONNSECMARK",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &ConnSecMark{} },
	Tables:   []string{"mangle", "security"},
	Options: []netfilter.OptionDef{
		{Name: "save", Excludes: []string{"restore"}, Set: func(netfilter.Extension, *netfilter.Value) error { return nil }},
		{Name: "restore", Excludes: []string{"save"}, Set: opt.Flag("", func(t *ConnSecMark) *bool { return &t.Restore }).Set},
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, "save", "restore")
	},
}

// Definition returns the extension's definition.
func (t *ConnSecMark) Definition() *netfilter.Definition { return &connsecmarkDefinition }

// Name returns "CONNSECMARK".
func (t *ConnSecMark) Name() string { return "CONNSECMARK" }

// AppendOptions appends "--save" or "--restore".
func (t *ConnSecMark) AppendOptions(b []byte) []byte {
	if t.Restore {
		return opt.AppendOption(b, "restore", false)
	}
	return opt.AppendOption(b, "save", false)
}

// Requires implements netfilter.Requirer: connection tracking.
func (t *ConnSecMark) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Apply has no effect that a rule could match.
func (t *ConnSecMark) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
