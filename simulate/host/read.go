package host

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// Read returns the host that the output of "ip addr", "ip route" (of both families,
// also with "show table all"), "ip rule", "ip neigh", "bridge -d link", "bridge fdb" and
// "bridge vlan" describes, with or without -json, in any number of texts and order; only
// "bridge link" needs the links before it. The kind of a text is recognized by its content. Links keep
// their MAC addresses and indexes; routes and rules of unknown links are rejected, as are
// features that are not simulated, such as VRFs. Ports of a bond are omitted, because
// their packets are received on the bond. Neighbours are those behind ports of bridges
// (Link.Behind): their Ethernet addresses are from the forwarding database, and their IP
// addresses from the neighbour table.
func Read(texts ...io.Reader) (Host, error) {
	var h reading
	for i, r := range texts {
		b, err := readText(r)
		if err == nil {
			err = h.addText(b)
		}
		if err != nil {
			return Host{}, fmt.Errorf("host text %d: %w", i+1, err)
		}
	}
	return h.whole(), nil
}

// ReadFiles is Read for files.
func ReadFiles(paths ...string) (Host, error) {
	var h reading
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			return Host{}, err
		}
		if err := h.addText(b); err != nil {
			return Host{}, fmt.Errorf("%s: %w", p, err)
		}
	}
	return h.whole(), nil
}

// reading is a host whose description has not been read to the end.
type reading struct {
	Host
	stations  []station       // of the forwarding databases of bridges
	neighbors []NeighborEntry // of the neighbour table
}

// whole returns the host when all texts have been read.
func (h *reading) whole() Host {
	h.dropRepeated()
	h.placeStations()
	return h.Host
}

// dropRepeated drops routes that were listed twice, as "ip route show table all"
// lists those of both families.
func (h *Host) dropRepeated() {
	seen := map[string]bool{}
	h.Routes = slices.DeleteFunc(h.Routes, func(r Route) bool {
		text := fmt.Sprintf("%+v", r)
		twice := seen[text]
		seen[text] = true
		return twice
	})
}

func (h *reading) addText(b []byte) error {
	switch b := bytes.TrimSpace(b); {
	case len(b) == 0:
		return errors.New("empty: need the output of ip addr, ip route or ip rule")
	case b[0] == '[' || b[0] == '{':
		return h.addJSON(b)
	}
	return h.addLines(string(b))
}
