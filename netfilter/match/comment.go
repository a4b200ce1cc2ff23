package match

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
)

// Comment carries a text and matches every packet (net/netfilter/xt_comment.c,
// comment_mt).
type Comment struct{ Text string }

var commentDefinition = netfilter.Definition{
	Name:     "comment",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Comment{} },
	Options: []netfilter.OptionDef{
		{Name: "comment", Args: 1, Required: true, Set: netfilter.Into((*Comment).setText)},
	},
}

func (m *Comment) setText(v *netfilter.Value) error {
	if len(v.Arg()) > 255 {
		return errors.New("a comment has at most 255 bytes")
	}
	m.Text = v.Arg()
	return nil
}

// Definition returns the extension's definition.
func (m *Comment) Definition() *netfilter.Definition { return &commentDefinition }

// Name returns "comment".
func (m *Comment) Name() string { return "comment" }

// AppendOptions appends "--comment text".
func (m *Comment) AppendOptions(b []byte) []byte {
	return netfilter.AppendQuoted(append(b, " --comment "...), m.Text)
}

// Comment returns the text.
func (m *Comment) Comment() string { return m.Text }

// Match returns true.
func (m *Comment) Match(*netfilter.Context) bool { return true }
