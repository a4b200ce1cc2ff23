package bridge

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// Station is a neighbour on a bridge as a packet tells it: its Ethernet address, zero if
// it is not known, and its IP address.
type Station struct {
	MAC  packet.MAC
	Addr netip.Addr
}

// Stations holds the neighbours that the bridges of a host know: the forwarding
// database. The zero value knows what host.Link.Behind lists.
type Stations struct {
	learned map[sighting]fdbEntry
	given   map[string][]host.Neighbor // by port, in addition to host.Link.Behind
}

type sighting struct {
	bridge  string
	station Station
}

// fdbEntry is the port at which a station was last seen, and when (struct
// net_bridge_fdb_entry).
type fdbEntry struct {
	port string
	at   time.Time
}

// ageing is how long a bridge remembers a station that it has learned (ageing_time).
const ageing = 300 * time.Second

// Clone returns an independent copy.
func (s *Stations) Clone() Stations {
	return Stations{learned: maps.Clone(s.learned), given: maps.Clone(s.given)}
}

// Add adds a neighbour behind a port (a static entry).
func (s *Stations) Add(port string, n host.Neighbor) {
	if s.given == nil {
		s.given = map[string][]host.Neighbor{}
	}
	s.given[port] = append(slices.Clip(s.given[port]), n)
}

// Learn notes that a station sent a frame by a port: its Ethernet address, or its IP
// address if the other is not known. A static entry moves, too (net/bridge/br_fdb.c,
// br_fdb_update).
func (s *Stations) Learn(b *Bridge, p *Port, who Station, now time.Time) {
	if who.MAC != (packet.MAC{}) {
		who.Addr = netip.Addr{}
	}
	if p.Link.Port.NoLearning || b.IsOwn(who.MAC) {
		return
	}
	if s.learned == nil {
		s.learned = map[sighting]fdbEntry{}
	}
	s.learned[sighting{b.Name, who}] = fdbEntry{p.Name, now}
}

// PortOf returns the port behind which a station is; nil if it is not known. The IP
// address counts for neighbours whose Ethernet address is not known.
func (s *Stations) PortOf(b *Bridge, who Station, now time.Time) *Port {
	if p := s.seen(b, who, now); p != nil {
		return p
	}
	for _, p := range b.Ports {
		if s.neighbor(p, func(n host.Neighbor) bool {
			if none := (packet.MAC{}); who.MAC != none && n.MAC != none {
				return n.MAC == who.MAC
			}
			return n.Addr == who.Addr && n.Addr.IsValid()
		}) != nil {
			return p
		}
	}
	return nil
}

// seen returns the port by which a station sent a frame; nil if none is remembered.
func (s *Stations) seen(b *Bridge, who Station, now time.Time) *Port {
	for _, key := range []Station{{MAC: who.MAC}, {Addr: who.Addr}} {
		if last, ok := s.learned[sighting{b.Name, key}]; key != (Station{}) && ok && now.Sub(last.at) < ageing {
			return b.Port(last.port)
		}
	}
	return nil
}

// Resolve returns the Ethernet address of the neighbour that has an IP address; zero if
// it is not known.
func (s *Stations) Resolve(b *Bridge, a netip.Addr) packet.MAC {
	for _, p := range b.Ports {
		if n := s.neighbor(p, func(n host.Neighbor) bool { return n.Addr == a && n.MAC != packet.MAC{} }); n != nil {
			return n.MAC
		}
	}
	return packet.MAC{}
}

// neighbor returns the first neighbour given for a port for which f returns true; nil if
// there is none.
func (s *Stations) neighbor(p *Port, f func(host.Neighbor) bool) *host.Neighbor {
	for _, list := range [][]host.Neighbor{p.Behind, s.given[p.Name]} {
		if i := slices.IndexFunc(list, f); i >= 0 {
			return &list[i]
		}
	}
	return nil
}
