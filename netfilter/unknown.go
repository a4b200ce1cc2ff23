package netfilter

import (
	"fmt"
	"strings"
)

// Unknown is a match or target that this library does not implement. It prints
// as it was read; a packet that reaches it fails with an UnknownError.
type Unknown struct {
	Keyword string // the word after -m or -j
	Options string // the words after it, as written; "" if there are none
	Target  bool   // it is a target, after -j
	// Option is the unknown option of an extension that is known; "" if the
	// extension itself is unknown.
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

// Match fails the packet with an UnknownError.
func (u *Unknown) Match(c *Context) bool {
	u.fail(c)
	return false
}

// Apply fails the packet with an UnknownError.
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

// UnknownError reports that a packet reached an unknown extension.
type UnknownError struct {
	Pos       Pos // of the rule
	Extension string
	Option    string // its unknown option; "" if the extension itself is unknown
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
