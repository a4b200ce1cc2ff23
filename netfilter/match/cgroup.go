package match

import (
	"errors"
	"math"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Cgroup matches the control group of the local socket that sends or receives
// the packet (net/netfilter/xt_cgroup.c, cgroup_mt_v2). The zero value is
// invalid: the kernel requires exactly one condition.
type Cgroup struct {
	// Path is a group of the unified hierarchy, with HasPath: the socket's is it or
	// is inside it. The group is assumed to exist.
	Path                string
	HasPath, InvertPath bool
	ClassID             cond.Number // net_cls.classid
}

const maxCgroupPath = 511

var cgroupDefinition = netfilter.Definition{
	Name:     "cgroup",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Cgroup{} },
	Hooks:    netfilter.HooksOf(netfilter.Input, netfilter.Output, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		{Name: "path", Args: 1, Negatable: true, Set: netfilter.Into(func(m *Cgroup, v *netfilter.Value) error {
			m.Path, m.HasPath, m.InvertPath = v.Arg()[:min(len(v.Arg()), maxCgroupPath)], true, v.Invert
			return nil
		})},
		opt.Equal("cgroup", math.MaxUint32, func(m *Cgroup) *cond.Number { return &m.ClassID }),
	},
}

// Definition returns the extension's definition.
func (m *Cgroup) Definition() *netfilter.Definition { return &cgroupDefinition }

// Name returns "cgroup".
func (m *Cgroup) Name() string { return "cgroup" }

// AppendOptions appends the options given.
func (m *Cgroup) AppendOptions(b []byte) []byte {
	if m.HasPath {
		b = netfilter.AppendQuoted(append(opt.AppendOption(b, "path", m.InvertPath), ' '), m.Path)
	}
	return opt.AppendEqual(b, "cgroup", m.ClassID)
}

// Check refuses none and two conditions (cgroup_mt_check_v2).
func (m *Cgroup) Check(netfilter.CheckContext) error {
	if m.HasPath == m.ClassID.Given {
		return errors.New("one of --path and --cgroup must be given, and only one")
	}
	return nil
}

// Match compares the group. A packet without a local socket does not match, not
// even inverted.
func (m *Cgroup) Match(c *netfilter.Context) bool {
	s := c.Packet.Socket
	if s == nil && c.Hook == netfilter.Input {
		s = c.Engine.LocalSocket()
	}
	switch {
	case s == nil:
		return false
	case m.HasPath:
		return within(m.Path, s.Cgroup) != m.InvertPath
	}
	return m.ClassID.Holds(s.ClassID)
}

// within reports whether a group is another one or inside it.
func within(outer, inner string) bool {
	outer, inner = strings.Trim(outer, "/"), strings.Trim(inner, "/")
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (outer == "" || rest == "" || rest[0] == '/')
}
