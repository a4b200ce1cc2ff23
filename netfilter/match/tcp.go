package match

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TCP matches ports, flags and options of a TCP header (net/netfilter/
// xt_tcpudp.c, tcp_mt). The zero value matches every packet with a whole TCP
// header; a packet without one is dropped.
type TCP struct {
	SrcPorts, DstPorts cond.PortRange
	// Option is the number of a TCP option that must be present; 0 is no condition.
	Option       uint8
	InvertOption bool
	// Of the flags in FlagMask exactly those in Flags must be set.
	FlagMask, Flags packet.TCPFlags
	InvertFlags     bool
}

var tcpDefinition = netfilter.Definition{
	Name:      "tcp",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &TCP{} },
	Protocols: []uint8{packet.ProtoTCP},
	Native:    netfilter.NativeOf((*TCP).native),
	Options: []netfilter.OptionDef{
		{Name: "sport", Aliases: []string{"source-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *TCP, v *netfilter.Value) (err error) {
				m.SrcPorts, err = opt.PortRange(v, packet.ProtoTCP)
				return err
			})},
		{Name: "dport", Aliases: []string{"destination-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *TCP, v *netfilter.Value) (err error) {
				m.DstPorts, err = opt.PortRange(v, packet.ProtoTCP)
				return err
			})},
		{Name: "tcp-option", Args: 1, Negatable: true, Set: netfilter.Into((*TCP).setOption)},
		{Name: "tcp-flags", Args: 2, Negatable: true, Excludes: []string{"syn"}, Set: netfilter.Into((*TCP).setFlags)},
		{Name: "syn", Negatable: true, Excludes: []string{"tcp-flags"}, Set: netfilter.Into((*TCP).setSYN)},
	},
}

func (m *TCP) setOption(v *netfilter.Value) error {
	n, err := opt.Uint(v.Arg(), 1, 255)
	m.Option, m.InvertOption = uint8(n), v.Invert
	return err
}

func (m *TCP) setFlags(v *netfilter.Value) (err error) {
	m.InvertFlags = v.Invert
	if m.FlagMask, err = opt.TCPFlags(v.Args[0]); err != nil {
		return err
	}
	m.Flags, err = opt.TCPFlags(v.Args[1])
	return err
}

func (m *TCP) setSYN(v *netfilter.Value) error {
	m.FlagMask = packet.SYN | packet.RST | packet.ACK | packet.FIN
	m.Flags, m.InvertFlags = packet.SYN, v.Invert
	return nil
}

// Definition returns the extension's definition.
func (m *TCP) Definition() *netfilter.Definition { return &tcpDefinition }

// Name returns "tcp".
func (m *TCP) Name() string { return "tcp" }

// AppendOptions appends the options given. A range of all ports is omitted,
// unless it is inverted (it then matches nothing).
func (m *TCP) AppendOptions(b []byte) []byte {
	if !m.SrcPorts.All() {
		b = opt.AppendPorts(b, "sport", m.SrcPorts)
	}
	if !m.DstPorts.All() {
		b = opt.AppendPorts(b, "dport", m.DstPorts)
	}
	if m.Option != 0 {
		b = append(opt.AppendOption(b, "tcp-option", m.InvertOption), ' ')
		b = strconv.AppendUint(b, uint64(m.Option), 10)
	}
	if m.FlagMask != 0 || m.InvertFlags {
		b = append(opt.AppendOption(b, "tcp-flags", m.InvertFlags), ' ')
		b = append(opt.AppendTCPFlags(b, m.FlagMask), ' ')
		b = opt.AppendTCPFlags(b, m.Flags)
	}
	return b
}

// Bound implements netfilter.Bounded. It returns false with a condition on an
// option, because the search for it may drop the packet.
func (m *TCP) Bound(b netfilter.Bounds) bool {
	netfilter.BoundPorts(b, m.SrcPorts, m.DstPorts)
	return m.Option == 0
}

// Match compares the header. Only the first fragment of a packet matches; one
// that begins inside the header is dropped.
func (m *TCP) Match(c *netfilter.Context) bool {
	if c.Transport.FragOff != 0 {
		if c.Transport.FragOff == 1 {
			c.HotDrop()
		}
		return false
	}
	h, ok := c.TransportHeader(20)
	if !ok {
		c.HotDrop()
		return false
	}
	return m.SrcPorts.Holds(uint16(h[0])<<8|uint16(h[1])) && m.DstPorts.Holds(uint16(h[2])<<8|uint16(h[3])) &&
		(packet.TCPFlags(h[13])&m.FlagMask == m.Flags) != m.InvertFlags &&
		(m.Option == 0 || m.matchOption(c, packet.TCPSegment(h).HeaderLen()))
}

// matchOption searches the options up to the header length stated in the
// packet. The end-of-options option does not end the search (xt_tcpudp.c,
// tcp_find_option).
func (m *TCP) matchOption(c *netfilter.Context, length int) bool {
	h, ok := c.TransportHeader(length)
	if length < packet.TCPHeaderLen || !ok {
		c.HotDrop()
		return false
	}
	return opt.HasOption(h[packet.TCPHeaderLen:], m.Option) != m.InvertOption
}

// native implements netfilter.Definition.Native: iptables-nft writes the
// extension for a condition on an option and for no condition.
func (m *TCP) native() netfilter.Match {
	ports := m.SrcPorts.All() && m.DstPorts.All()
	if m.Option != 0 || ports && m.FlagMask == 0 && m.Flags == 0 && !m.InvertFlags {
		return nil
	}
	return &opt.NativePorts{Extension: m, Src: m.SrcPorts, Dst: m.DstPorts, FlagMask: m.FlagMask, Flags: m.Flags, InvertFlags: m.InvertFlags}
}

// Observe returns the ports and flags.
func (m *TCP) Observe(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, 20)
	if !ok {
		return "no TCP header"
	}
	return opt.ObservePorts(h) + " flags " + packet.TCPFlags(h[13]).String()
}
