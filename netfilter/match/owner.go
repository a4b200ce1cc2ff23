package match

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Owner matches who opened the local socket that sends the packet
// (net/netfilter/xt_owner.c, owner_mt). The zero value matches every packet.
type Owner struct {
	Socket   FlagTest // whether there is a socket
	UID, GID cond.Range
	// Groups lets GID look at the supplementary groups as well.
	Groups bool
}

var ownerDefinition = netfilter.Definition{
	Name:     "owner",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Owner{} },
	Hooks:    netfilter.HooksOf(netfilter.Output, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		ownerOption("uid-owner", opt.UserID, func(m *Owner) *cond.Range { return &m.UID }),
		ownerOption("gid-owner", opt.GroupID, func(m *Owner) *cond.Range { return &m.GID }),
		flagTest("socket-exists", func(m *Owner) *FlagTest { return &m.Socket }),
		{Name: "suppl-groups", Set: netfilter.Into(func(m *Owner, _ *netfilter.Value) error {
			if m.Groups = true; !m.GID.Given {
				return errors.New("needs --gid-owner ahead of it")
			}
			return nil
		})},
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error {
		if *e.(*Owner) == (Owner{}) {
			return errors.New("one of --uid-owner, --gid-owner, --socket-exists must be given")
		}
		return nil
	},
}

// ownerOption reads a name that every system has, or "number[-number]" (iptables
// extensions/libxt_owner.c, owner_parse_range).
func ownerOption(name string, byName func(string) (uint32, bool), field func(*Owner) *cond.Range) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *Owner, v *netfilter.Value) error {
			lo, hi, err := uint64(0), uint64(0), error(nil)
			if id, ok := byName(v.Arg()); ok {
				lo, hi = uint64(id), uint64(id)
			} else if lo, hi, err = opt.DashRange(v.Arg(), math.MaxUint32-1); err != nil {
				return err
			}
			r := cond.NewRange(uint32(lo), uint32(hi))
			r.Invert = v.Invert
			*field(m) = r
			return nil
		})}
}

// Definition returns the extension's definition.
func (m *Owner) Definition() *netfilter.Definition { return &ownerDefinition }

// Name returns "owner".
func (m *Owner) Name() string { return "owner" }

// AppendOptions appends the options given, users and groups as numbers.
func (m *Owner) AppendOptions(b []byte) []byte {
	b = m.Socket.append(b, "socket-exists")
	b = appendOwner(b, "uid-owner", m.UID)
	b = appendOwner(b, "gid-owner", m.GID)
	return opt.AppendFlag(b, "suppl-groups", m.Groups)
}

func appendOwner(b []byte, name string, r cond.Range) []byte {
	if !r.Given {
		return b
	}
	b = strconv.AppendUint(append(opt.AppendOption(b, name, r.Invert), ' '), uint64(r.Min), 10)
	if r.Min != r.Max {
		b = strconv.AppendUint(append(b, '-'), uint64(r.Max), 10)
	}
	return b
}

// Check refuses ranges the wrong way round (owner_check).
func (m *Owner) Check(netfilter.CheckContext) error {
	if m.UID.Min > m.UID.Max || m.GID.Min > m.GID.Max {
		return errors.New("the lower number of a range comes first")
	}
	return nil
}

// Match compares the owner. Without a socket it holds if all options are
// inverted; for the kernel's own sockets, which nobody opened, if those on
// users and groups are.
func (m *Owner) Match(c *netfilter.Context) bool {
	s := c.Packet.Socket
	if s == nil {
		return m.Socket != FlagSet && (!m.UID.Given || m.UID.Invert) && (!m.GID.Given || m.GID.Invert) && !m.Groups
	}
	switch {
	case m.Socket == FlagClear:
		return false
	case s.NoFile:
		return (!m.UID.Given || m.UID.Invert) && (!m.GID.Given || m.GID.Invert)
	}
	return m.UID.Holds(s.UID) && (!m.GID.Given || m.inGroup(s) != m.GID.Invert)
}

// inGroup reports whether the group is in the range, or with Groups a
// supplementary one.
func (m *Owner) inGroup(s *packet.Socket) bool {
	r := cond.NewRange(m.GID.Min, m.GID.Max)
	return r.Holds(s.GID) || m.Groups && slices.ContainsFunc(s.Groups, r.Holds)
}
