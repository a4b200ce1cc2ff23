package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Socket matches packets for which the host has a socket open
// (net/netfilter/xt_socket.c, socket_match). The zero value ignores sockets
// that are bound to no address.
type Socket struct {
	Transparent bool // the socket must have IP_TRANSPARENT
	NoWildcard  bool // sockets bound to no address are considered as well
	RestoreMark bool // the packet's mark is set to the socket's
}

var socketDefinition = netfilter.Definition{
	Name:     "socket",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Socket{} },
	Hooks:    netfilter.HooksOf(netfilter.Prerouting, netfilter.Input),
	Options: []netfilter.OptionDef{
		opt.Flag("transparent", func(m *Socket) *bool { return &m.Transparent }),
		opt.Flag("nowildcard", func(m *Socket) *bool { return &m.NoWildcard }),
		opt.Flag("restore-skmark", func(m *Socket) *bool { return &m.RestoreMark }),
	},
}

// Definition returns the extension's definition.
func (m *Socket) Definition() *netfilter.Definition { return &socketDefinition }

// Name returns "socket".
func (m *Socket) Name() string { return "socket" }

// Requires implements netfilter.Requirer: reassembly, because ports are
// compared.
func (m *Socket) Requires() netfilter.Requirements {
	return netfilter.RequireDefrag
}

// AppendOptions appends the options given.
func (m *Socket) AppendOptions(b []byte) []byte {
	b = opt.AppendFlag(b, "transparent", m.Transparent)
	b = opt.AppendFlag(b, "nowildcard", m.NoWildcard)
	return opt.AppendFlag(b, "restore-skmark", m.RestoreMark)
}

// Match looks for the socket. Only TCP, UDP, and ICMP errors about them are
// looked up (net/ipv4/netfilter/nf_socket_ipv4.c, nf_sk_lookup_slow_v4).
func (m *Socket) Match(c *netfilter.Context) bool {
	if t := c.Packet.Transport(); !t.Found || t.FragOff != 0 ||
		t.Proto != packet.ProtoTCP && t.Proto != packet.ProtoUDP && !isICMPError(c) {
		return false
	}
	s := c.Engine.LocalSocket()
	if s == nil || s.Wildcard && !m.NoWildcard || m.Transparent && !s.Transparent {
		return false
	}
	if m.RestoreMark && c.Packet.Mark != s.Mark {
		c.Edit().Mark = s.Mark
	}
	return true
}

func isICMPError(c *netfilter.Context) bool {
	typ, _, ok := c.Packet.ICMP()
	if !ok {
		return false
	}
	if c.Family == netfilter.IPv6 {
		return typ < 128
	}
	return typ == 3 || typ == 4 || typ == 5 || typ == 11 || typ == 12
}
