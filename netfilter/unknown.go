package netfilter

import (
	"fmt"
	"strings"
)

// Unknown is a match or target whose meaning nobody here knows. It prints back
// what was read, and no answer is given for a packet that reaches it.
type Unknown struct {
	Keyword string // the word after -m or -j
	Options string // what followed it, as it was written; "" for nothing
	Target  bool   // it stood after -j
	// Option is the one option that is not known of an extension that is known
	// otherwise; "" where the whole extension is not.
	Option string
}

// Name returns the word after -m or -j.
func (u *Unknown) Name() string { return u.Keyword }

// AppendOptions appends the options as they were written.
func (u *Unknown) AppendOptions(b []byte) []byte {
	if u.Options == "" {
		return b
	}
	return append(append(b, ' '), u.Options...)
}

// Match gives up on the packet.
func (u *Unknown) Match(c *Context) bool {
	u.fail(c)
	return false
}

// Apply gives up on the packet.
func (u *Unknown) Apply(c *Context) Verdict {
	u.fail(c)
	return Drop
}

func (u *Unknown) fail(c *Context) {
	err := &UnknownError{Extension: u.Keyword, Option: u.Option, Target: u.Target}
	if c.Rule != nil {
		err.Pos = c.Rule.Pos
		text := c.Rule.AppendSave(nil, c.Family, "")
		err.Rule = strings.TrimSpace(strings.TrimPrefix(string(text), "-A"))
	}
	c.Engine.Fail(err)
}

// UnknownError says that a packet reached an extension that is not known.
type UnknownError struct {
	Pos       Pos // of the rule
	Extension string
	Option    string // the option of it that is not known; "" where all of it is not
	Target    bool
	Rule      string // the rule's conditions and target as iptables-save prints them
}

// Error names the rule and the extension.
func (e *UnknownError) Error() string {
	kind := "match"
	if e.Target {
		kind = "target"
	}
	what := "which is not known"
	if e.Option != "" {
		what = "whose option " + e.Option + " is not known"
	}
	return fmt.Sprintf("%s: the packet reached the %s %s, %s: %q", e.Pos, kind, e.Extension, what, e.Rule)
}
