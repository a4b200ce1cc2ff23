package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// UDP matches ports of a UDP header (net/netfilter/xt_tcpudp.c, udp_mt). The
// zero value matches every packet with a whole UDP header; a packet without
// one is dropped.
type UDP struct{ SrcPorts, DstPorts cond.PortRange }

var udpDefinition = netfilter.Definition{
	Name:      "udp",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &UDP{} },
	Protocols: []uint8{packet.ProtoUDP},
	Native:    netfilter.NativeOf((*UDP).native),
	Options: []netfilter.OptionDef{
		{Name: "sport", Aliases: []string{"source-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *UDP, v *netfilter.Value) (err error) {
				m.SrcPorts, err = opt.ResolvedPorts(v)
				return err
			})},
		{Name: "dport", Aliases: []string{"destination-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *UDP, v *netfilter.Value) (err error) {
				m.DstPorts, err = opt.ResolvedPorts(v)
				return err
			})},
	},
}

// Definition returns the extension's definition.
func (m *UDP) Definition() *netfilter.Definition { return &udpDefinition }

// Name returns "udp".
func (m *UDP) Name() string { return "udp" }

// AppendOptions appends the options given. A range of all ports is omitted,
// unless it is inverted (it then matches nothing).
func (m *UDP) AppendOptions(b []byte) []byte {
	if !m.SrcPorts.All() {
		b = opt.AppendPorts(b, "sport", m.SrcPorts)
	}
	if !m.DstPorts.All() {
		b = opt.AppendPorts(b, "dport", m.DstPorts)
	}
	return b
}

// Bound implements netfilter.Bounded.
func (m *UDP) Bound(b netfilter.Bounds) bool {
	netfilter.BoundPorts(b, m.SrcPorts, m.DstPorts)
	return true
}

// Match compares the ports. Only the first fragment of a packet matches.
func (m *UDP) Match(c *netfilter.Context) bool {
	h, ok := opt.FirstHeader(c, 8)
	if !ok {
		return false
	}
	return m.SrcPorts.Holds(uint16(h[0])<<8|uint16(h[1])) && m.DstPorts.Holds(uint16(h[2])<<8|uint16(h[3]))
}

// native implements netfilter.Definition.Native: iptables-nft writes the
// extension for no condition.
func (m *UDP) native() netfilter.Match {
	if m.SrcPorts.All() && m.DstPorts.All() {
		return nil
	}
	return &opt.NativePorts{Extension: m, Src: m.SrcPorts, Dst: m.DstPorts}
}

// Observe returns the ports.
func (m *UDP) Observe(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, 8)
	if !ok {
		return "no UDP header"
	}
	return opt.ObservePorts(h)
}
