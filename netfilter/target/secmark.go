package target

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// SecMark sets the packet's security mark, which no rule matches
// (net/netfilter/xt_SECMARK.c, secmark_tg). The context is assumed to be valid
// for the host's security module.
type SecMark struct{ Context string } // up to 255 bytes

const maxSecurityContext = 255

var secmarkDefinition = netfilter.Definition{
	Name:     "SECMARK",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &SecMark{} },
	Tables:   []string{"mangle", "security"},
	Options: []netfilter.OptionDef{
		{Name: "selctx", Args: 1, Required: true, Set: opt.Text("", maxSecurityContext, func(t *SecMark) *string { return &t.Context }).Set},
	},
}

// Definition returns the extension's definition.
func (t *SecMark) Definition() *netfilter.Definition { return &secmarkDefinition }

// Name returns "SECMARK".
func (t *SecMark) Name() string { return "SECMARK" }

// AppendOptions appends "--selctx context".
func (t *SecMark) AppendOptions(b []byte) []byte {
	return append(opt.AppendOption(b, "selctx ", false), t.Context...)
}

// Check refuses an empty context (secmark_tg_check).
func (t *SecMark) Check(netfilter.CheckContext) error {
	if t.Context == "" {
		return errors.New("an empty security context is not possible")
	}
	return nil
}

// Apply has no effect that a rule could match.
func (t *SecMark) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Continue }
