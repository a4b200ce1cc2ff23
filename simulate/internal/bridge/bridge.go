package bridge

import (
	"cmp"
	"slices"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// Bridge is a link with its ports in the order in which it floods frames: the port that
// was added last is the first (net/bridge/br_if.c, br_add_if).
type Bridge struct {
	*host.Link
	Ports []*Port
}

// New returns a bridge that has no ports yet.
func New(l *host.Link) *Bridge { return &Bridge{Link: l} }

// Add adds a port. number is its position among the links of the host, which counts if
// host.BridgePort.Number is 0.
func (b *Bridge) Add(l *host.Link, number int) {
	b.Ports = append(b.Ports, &Port{Link: l, number: cmp.Or(l.Port.Number, number)})
	slices.SortStableFunc(b.Ports, func(p, q *Port) int { return cmp.Compare(q.number, p.number) })
}

// Port returns the port of this name; nil if there is none.
func (b *Bridge) Port(name string) *Port {
	for _, p := range b.Ports {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// IsOwn reports whether an Ethernet address is that of the bridge or of one of its
// ports, whose frames it passes to the host.
func (b *Bridge) IsOwn(mac packet.MAC) bool {
	return mac != packet.MAC{} && (mac == b.MAC || slices.ContainsFunc(b.Ports, func(p *Port) bool { return p.MAC == mac }))
}

// Frame is whom a frame is for. The zero value is ForHost.
type Frame uint8

// The kinds of frames.
const (
	ForHost    Frame = iota // the host: the address is that of the bridge or of a port
	ForStation              // another station
	ForAll                  // the broadcast address
	ForGroup                // a multicast address
)

// Broadcast is the broadcast address.
var Broadcast = packet.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// Frame returns whom a frame to this address is for.
func (b *Bridge) Frame(dst packet.MAC) Frame {
	switch {
	case dst == Broadcast:
		return ForAll
	case dst[0]&1 != 0:
		return ForGroup
	case b.IsOwn(dst):
		return ForHost
	}
	return ForStation
}

// Reserved reports whether an address is one of those of IEEE 802.1D that bridges do not
// forward; the address of spanning tree is forwarded where that is off
// (net/bridge/br_input.c, br_handle_frame).
func Reserved(dst packet.MAC) bool {
	return [5]byte(dst[:]) == [5]byte{1, 0x80, 0xc2} && dst[5] > 0 && dst[5] < 16
}

// Flooded returns the ports to which a frame that came in by a port is flooded
// (net/bridge/br_forward.c, br_flood).
func (b *Bridge) Flooded(from *Port, f Frame) (to []*Port) {
	for _, p := range b.Ports {
		off := [...]bool{ForStation: p.Link.Port.NoFlood, ForAll: p.Link.Port.NoBcastFlood, ForGroup: p.Link.Port.NoMcastFlood}[f]
		if !off && !p.Link.Port.ProxyARP && p.WhyNot(from) == "" {
			to = append(to, p)
		}
	}
	return to
}

// Suppresses reports whether a port has neigh_suppress on.
func (b *Bridge) Suppresses() bool {
	return slices.ContainsFunc(b.Ports, func(p *Port) bool { return p.Link.Port.NeighSuppress })
}
