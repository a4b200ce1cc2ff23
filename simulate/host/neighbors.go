package host

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// NeighborEntry is an entry of the neighbour table.
type NeighborEntry struct {
	Addr  netip.Addr
	Dev   string
	MAC   packet.MAC // zero if not known
	State string     // "REACHABLE", "STALE", "FAILED", …
}

// Reachable reports whether packets for the neighbour have an address to go to.
func (e *NeighborEntry) Reachable() bool { return e.MAC != packet.MAC{} && e.State != "FAILED" }

// ReadNeighbors reads what "ip neigh" prints, with or without -json.
func ReadNeighbors(r io.Reader) ([]NeighborEntry, error) {
	b, err := readText(r)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(string(b))
	if strings.HasPrefix(text, "[") {
		return readNeighborsJSON(text)
	}
	var list []NeighborEntry
	n := 0
	for line := range strings.Lines(text) {
		n++
		w := strings.Fields(line)
		if len(w) == 0 {
			continue
		}
		e, err := readNeighbor(w)
		if err != nil {
			return nil, fmt.Errorf("line %d (%s): %w", n, strings.TrimSpace(line), err)
		}
		list = append(list, e)
	}
	return list, nil
}

// readNeighbor reads "10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09 router STALE".
func readNeighbor(w []string) (e NeighborEntry, err error) {
	if e.Addr, err = netip.ParseAddr(w[0]); err != nil {
		return e, err
	}
	for i := 1; i < len(w); i++ {
		switch {
		case w[i] == "dev" && i+1 < len(w):
			i++
			e.Dev = w[i]
		case w[i] == "lladdr" && i+1 < len(w):
			i++
			if e.MAC, err = linkAddress(w[i]); err != nil {
				return e, err
			}
		case w[i] == strings.ToUpper(w[i]) && !strings.ContainsAny(w[i], "/:0123456789"):
			e.State = w[i]
		}
	}
	if e.Dev == "" {
		return e, fmt.Errorf(`"dev" and the link are missing`)
	}
	return e, nil
}

// linkAddress reads an Ethernet address; those of tunnels, which are of another
// length, are left out.
func linkAddress(s string) (packet.MAC, error) {
	if strings.Count(s, ":") != len(packet.MAC{})-1 {
		return packet.MAC{}, nil
	}
	return packet.ParseMAC(s)
}

// shownNeighbor is an entry as "ip -json neigh" shows it.
type shownNeighbor struct {
	Dst, Dev, LLAddr string
	State            []string
}

func (s *shownNeighbor) entry() (NeighborEntry, error) {
	a, err := netip.ParseAddr(s.Dst)
	if err != nil {
		return NeighborEntry{}, fmt.Errorf("neighbour %q: %w", s.Dst, err)
	}
	e := NeighborEntry{Addr: a, Dev: s.Dev, State: strings.Join(s.State, " ")}
	if s.LLAddr != "" {
		if e.MAC, err = linkAddress(s.LLAddr); err != nil {
			return e, fmt.Errorf("neighbour %s: %w", s.Dst, err)
		}
	}
	return e, nil
}

func readNeighborsJSON(text string) ([]NeighborEntry, error) {
	var shown []shownNeighbor
	if err := json.Unmarshal([]byte(text), &shown); err != nil {
		return nil, fmt.Errorf("neighbours: %w", err)
	}
	var list []NeighborEntry
	for i := range shown {
		e, err := shown[i].entry()
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}
