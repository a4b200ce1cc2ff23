package match

import "github.com/packetpath/packetpath/netfilter"

// maxComment is the maximum length of a comment in bytes; longer ones are
// silently truncated (include/uapi/linux/netfilter/xt_comment.h, without the
// terminating zero).
const maxComment = 255

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
	m.Text = v.Arg()[:min(len(v.Arg()), maxComment)]
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

// Bound implements netfilter.Bounded; a comment has no conditions.
func (m *Comment) Bound(netfilter.Bounds) bool { return true }

// Match returns true.
func (m *Comment) Match(*netfilter.Context) bool { return true }
