package match

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Owner matches the owner of the local socket that sends the packet
// (net/netfilter/xt_owner.c, owner_mt). The zero value matches every packet.
type Owner struct {
	Socket   FlagTest // whether there is a socket
	UID, GID cond.Range
	// UserName and GroupName are names that the parser could not resolve to
	// numbers; UID or GID then hold only the inversion.
	UserName, GroupName string
	// Groups compares GID with the supplementary groups as well.
	Groups bool
}

var ownerDefinition = netfilter.Definition{
	Name:     "owner",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Owner{} },
	Hooks:    netfilter.HooksOf(netfilter.Output, netfilter.Postrouting),
	Options: []netfilter.OptionDef{
		ownerOption("uid-owner", opt.UserID, func(r netfilter.Reader) map[string]uint32 { return r.Users },
			func(m *Owner) (*cond.Range, *string) { return &m.UID, &m.UserName }),
		ownerOption("gid-owner", opt.GroupID, func(r netfilter.Reader) map[string]uint32 { return r.Groups },
			func(m *Owner) (*cond.Range, *string) { return &m.GID, &m.GroupName }),
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

// ownerOption reads a name or "number[-number]" (iptables
// extensions/libxt_owner.c, owner_parse_range). A name that is neither
// configured in the parser nor present on every system is stored unresolved.
func ownerOption(name string, everywhere func(string) (uint32, bool), known func(netfilter.Reader) map[string]uint32,
	field func(*Owner) (*cond.Range, *string)) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *Owner, v *netfilter.Value) error {
			r, unresolved := field(m)
			id, ok := known(v.Context())[v.Arg()]
			if !ok {
				id, ok = everywhere(v.Arg())
			}
			lo, hi := uint64(id), uint64(id)
			if !ok {
				var err error
				lo, hi, err = opt.DashRange(v.Arg(), math.MaxUint32-1)
				switch isName := opt.IsAccountName(v.Arg()); {
				case err != nil && (!isName || v.Context().Strict):
					return err
				case err != nil:
					*unresolved = v.Arg()
				}
			}
			*r = cond.NewRange(uint32(lo), uint32(hi))
			r.Invert = v.Invert
			return nil
		})}
}

// Definition returns the extension's definition.
func (m *Owner) Definition() *netfilter.Definition { return &ownerDefinition }

// Name returns "owner".
func (m *Owner) Name() string { return "owner" }

// AppendOptions appends the options given, users and groups as numbers unless
// only their names are known.
func (m *Owner) AppendOptions(b []byte) []byte {
	b = m.Socket.append(b, "socket-exists")
	b = appendOwner(b, "uid-owner", m.UID, m.UserName)
	b = appendOwner(b, "gid-owner", m.GID, m.GroupName)
	return opt.AppendFlag(b, "suppl-groups", m.Groups)
}

func appendOwner(b []byte, name string, r cond.Range, unresolved string) []byte {
	switch {
	case !r.Given:
		return b
	case unresolved != "":
		return append(append(opt.AppendOption(b, name, r.Invert), ' '), unresolved...)
	}
	b = strconv.AppendUint(append(opt.AppendOption(b, name, r.Invert), ' '), uint64(r.Min), 10)
	if r.Min != r.Max {
		b = strconv.AppendUint(append(b, '-'), uint64(r.Max), 10)
	}
	return b
}

// Check refuses reversed ranges (owner_check).
func (m *Owner) Check(netfilter.CheckContext) error {
	if m.UID.Min > m.UID.Max || m.GID.Min > m.GID.Max {
		return errors.New("the lower number of a range comes first")
	}
	return nil
}

// Match compares the owner. A packet without a socket matches if all options
// are inverted; one of a kernel socket, which has no file, if the options on
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
	return m.userHolds(c, s) && (!m.GID.Given || m.groupHolds(c, s) != m.GID.Invert)
}

// userHolds compares the user. A user whose number is not known is assumed to
// be a different one.
func (m *Owner) userHolds(c *netfilter.Context, s *packet.Socket) bool {
	if m.UserName == "" {
		return m.UID.Holds(s.UID)
	}
	return c.Engine.Suppose(fmt.Sprintf("user %d, which sends the packet, is not %s", s.UID, m.UserName)) == m.UID.Invert
}

func (m *Owner) groupHolds(c *netfilter.Context, s *packet.Socket) bool {
	if m.GroupName == "" {
		return m.inGroup(s)
	}
	return !c.Engine.Suppose(fmt.Sprintf("no group of the process that sends the packet is %s", m.GroupName))
}

// inGroup reports whether the group is in the range, or with Groups a
// supplementary one.
func (m *Owner) inGroup(s *packet.Socket) bool {
	r := cond.NewRange(m.GID.Min, m.GID.Max)
	return r.Holds(s.GID) || m.Groups && slices.ContainsFunc(s.Groups, r.Holds)
}
