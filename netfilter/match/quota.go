package match

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Quota matches packets until a number of bytes is used up; the first packet
// that exceeds the rest sets it to 0 (net/netfilter/xt_quota.c, quota_mt). Each
// rule has its own state.
type Quota struct {
	Bytes  uint64
	Invert bool
}

var quotaDefinition = netfilter.Definition{
	Name:     "quota",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Quota{} },
	Options: []netfilter.OptionDef{
		{Name: "quota", Args: 1, Negatable: true, Required: true, Set: netfilter.Into(func(m *Quota, v *netfilter.Value) (err error) {
			m.Invert = v.Invert
			m.Bytes, err = opt.Uint(v.Arg(), 0, 1<<64-1)
			return err
		})},
	},
}

// Definition returns the extension's definition.
func (m *Quota) Definition() *netfilter.Definition { return &quotaDefinition }

// Name returns "quota".
func (m *Quota) Name() string { return "quota" }

// AppendOptions appends "[!] --quota bytes", with the initial quota.
func (m *Quota) AppendOptions(b []byte) []byte {
	return strconv.AppendUint(append(opt.AppendOption(b, "quota", m.Invert), ' '), m.Bytes, 10)
}

// quotaState is the number of bytes left.
type quotaState struct{ left uint64 }

// Clone returns an independent copy.
func (s *quotaState) Clone() netfilter.State { c := *s; return &c }

// NewState returns the whole quota.
func (m *Quota) NewState() netfilter.State { return &quotaState{m.Bytes} }

// Match deducts the packet's length from the rest.
func (m *Quota) Match(c *netfilter.Context) bool {
	s, ok := c.State().(*quotaState)
	if !ok {
		return m.Invert
	}
	if n := uint64(c.Packet.Len()); s.left >= n {
		s.left -= n
		return !m.Invert
	}
	s.left = 0
	return m.Invert
}
