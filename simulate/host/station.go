package host

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// station is an entry of the forwarding database of a bridge.
type station struct {
	mac  packet.MAC
	port string
}

// isStation reports whether a line is one of "bridge fdb":
// "02:00:00:00:05:11 dev veth5 master cni0 static".
func isStation(l *dumpLine) bool {
	_, err := packet.ParseMAC(l.words[0])
	return err == nil && len(l.words) > 2 && l.words[1] == "dev"
}

// addStationLines reads the output of "bridge fdb".
func (h *reading) addStationLines(lines []dumpLine) error {
	for i := range lines {
		l := &lines[i]
		if !isStation(l) {
			return l.wrap(fmt.Errorf(`need an Ethernet address, "dev" and a port`))
		}
		mac, err := packet.ParseMAC(l.words[0])
		if err != nil {
			return l.wrap(err)
		}
		h.addStation(mac, l.words[2], l.words[3:])
	}
	return nil
}

// addJSONStation reads an entry of "bridge -json fdb".
func (h *reading) addJSONStation(o jsonObject) error {
	var s struct {
		MAC, IfName, State string
		Flags              []string
	}
	if err := o.decode(&s); err != nil {
		return err
	}
	mac, err := packet.ParseMAC(s.MAC)
	if err != nil {
		return err
	}
	h.addStation(mac, s.IfName, append(s.Flags, s.State))
	return nil
}

// addStation keeps an entry about a neighbour: not those about the host's own addresses,
// which are permanent, and those that filter what a link receives ("self").
func (h *reading) addStation(mac packet.MAC, port string, flags []string) {
	if !slices.Contains(flags, "permanent") && !slices.Contains(flags, "self") {
		h.stations = append(h.stations, station{mac, port})
	}
}

// neighborStates are the states of entries in the neighbour table.
var neighborStates = []string{"NONE", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "NOARP", "PERMANENT"}

// isNeighbor reports whether a line is one of "ip neigh".
func isNeighbor(l *dumpLine) bool {
	return slices.Contains(neighborStates, l.words[len(l.words)-1]) && slices.Contains(l.words, "dev")
}

// addNeighborLines reads the output of "ip neigh".
func (h *reading) addNeighborLines(lines []dumpLine) error {
	for i := range lines {
		e, err := readNeighbor(lines[i].words)
		if err != nil {
			return lines[i].wrap(err)
		}
		h.neighbors = append(h.neighbors, e)
	}
	return nil
}

// addJSONNeighbor reads an entry of "ip -json neigh".
func (h *reading) addJSONNeighbor(o jsonObject) error {
	var s shownNeighbor
	if err := o.decode(&s); err != nil {
		return err
	}
	e, err := s.entry()
	h.neighbors = append(h.neighbors, e)
	return err
}

// decode reads the object into a struct.
func (o jsonObject) decode(to any) error {
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

// placeStations lists the neighbours behind each port of a bridge.
func (h *reading) placeStations() {
	for i := range h.Links {
		l := &h.Links[i]
		for _, s := range h.stations {
			if name, _, _ := strings.Cut(s.port, "@"); name == l.Name && l.Master != "" {
				l.Behind = append(l.Behind, h.neighborsAt(l.Master, s.mac)...)
			}
		}
	}
}

// neighborsAt returns a station of a bridge with each of its IP addresses, or with none.
func (h *reading) neighborsAt(bridge string, mac packet.MAC) (list []Neighbor) {
	for _, e := range h.neighbors {
		if e.Dev == bridge && e.MAC == mac && e.Reachable() {
			list = append(list, Neighbor{Addr: e.Addr, MAC: mac})
		}
	}
	if list == nil {
		list = []Neighbor{{Addr: netip.Addr{}, MAC: mac}}
	}
	return list
}
