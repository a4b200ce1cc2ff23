package host

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// portFlags are the settings of a port that are on or off, by the word that "ip -d link"
// and "bridge -d link" print before them and by the key in JSON.
var portFlags = map[string]func(p *BridgePort, on bool){
	"hairpin":        func(p *BridgePort, on bool) { p.Hairpin = on },
	"isolated":       func(p *BridgePort, on bool) { p.Isolated = on },
	"locked":         func(p *BridgePort, on bool) { p.Locked = on },
	"learning":       func(p *BridgePort, on bool) { p.NoLearning = !on },
	"flood":          func(p *BridgePort, on bool) { p.NoFlood = !on },
	"mcast_flood":    func(p *BridgePort, on bool) { p.NoMcastFlood = !on },
	"bcast_flood":    func(p *BridgePort, on bool) { p.NoBcastFlood = !on },
	"proxy_arp":      func(p *BridgePort, on bool) { p.ProxyARP = on },
	"neigh_suppress": func(p *BridgePort, on bool) { p.NeighSuppress = on },
}

// portStates are the states of a port.
var portStates = []string{"disabled", "blocking", "listening", "learning", "forwarding"}

// bridgeFlags are the settings of a bridge that are 0 or 1.
var bridgeFlags = map[string]func(b *Bridge, on bool){
	"mcast_snooping":    func(b *Bridge, on bool) { b.NoMcastSnooping = !on },
	"mcast_querier":     func(b *Bridge, on bool) { b.McastQuerier = on },
	"nf_call_iptables":  func(b *Bridge, on bool) { b.CallIPTables = on },
	"nf_call_ip6tables": func(b *Bridge, on bool) { b.CallIP6Tables = on },
}

// set takes one setting of a port, as text.
func (p *BridgePort) set(word, value string) error {
	switch {
	case portFlags[word] != nil && (value == "on" || value == "off"):
		portFlags[word](p, value == "on")
	case word == "state":
		return p.setState(value)
	case word == "port_no" || word == "no":
		n, err := strconv.ParseUint(value, 0, 16)
		if err != nil {
			return fmt.Errorf("the number of the port is %s: need 1 to 65535", value)
		}
		p.Number = int(n)
	}
	return nil
}

// setState takes the state of a port; newer ones than those known are refused.
func (p *BridgePort) setState(state string) error {
	state = strings.ToLower(state)
	if !slices.Contains(portStates, state) {
		return fmt.Errorf("the state of the port is %s: need %s", state, strings.Join(portStates, ", "))
	}
	if p.State = state; state == "forwarding" {
		p.State = ""
	}
	return nil
}

// read takes the settings of a port out of a line such as "hairpin off guard off
// … isolated off".
func (p *BridgePort) read(words []string) error {
	for i := range max(len(words)-1, 0) {
		if err := p.set(words[i], words[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// UnmarshalJSON takes the settings of a port out of the objects of "ip -d -json link" and
// "bridge -d -json link".
func (p *BridgePort) UnmarshalJSON(b []byte) error {
	var o map[string]any
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	for word, value := range o {
		var err error
		switch v := value.(type) {
		case bool:
			err = p.set(word, map[bool]string{true: "on", false: "off"}[v])
		case string:
			err = p.set(word, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shownBridge holds what is shown of a bridge.
type shownBridge struct {
	Bridge
	filtersVLANs bool
}

// read takes the settings of a bridge out of the line "bridge forward_delay 1500 …".
func (b *shownBridge) read(words []string) {
	for i := range max(len(words)-1, 0) {
		b.set(words[i], words[i+1] != "0")
	}
}

func (b *shownBridge) set(word string, on bool) {
	if word == "vlan_filtering" {
		b.filtersVLANs = on
	} else if set := bridgeFlags[word]; set != nil {
		set(&b.Bridge, on)
	}
}

// UnmarshalJSON takes the settings of a bridge out of "info_data"; links of other kinds
// have other keys there.
func (b *shownBridge) UnmarshalJSON(text []byte) error {
	var o map[string]any
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	for word, value := range o {
		if n, ok := value.(float64); ok {
			b.set(word, n != 0)
		}
	}
	return nil
}

// addJSONPort takes an entry of "bridge -json -d link".
func (h *Host) addJSONPort(o jsonObject) error {
	name, err := o.text("ifname")
	if err != nil {
		return err
	}
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	var p BridgePort
	if err := json.Unmarshal(b, &p); err != nil {
		return fmt.Errorf("port %s: %w", name, err)
	}
	return h.setPort(name, p)
}

// addPortLines reads the output of "bridge -d link".
func (h *Host) addPortLines(lines []dumpLine) error {
	for i := 0; i < len(lines); {
		first := lines[i]
		var p BridgePort
		if err := p.read(first.words); err != nil {
			return first.wrap(err)
		}
		for i++; i < len(lines) && !lines[i].begins; i++ {
			if err := p.read(lines[i].words); err != nil {
				return lines[i].wrap(err)
			}
		}
		if err := h.setPort(strings.TrimSuffix(first.words[1], ":"), p); err != nil {
			return first.wrap(err)
		}
	}
	return nil
}

// setPort sets the bridge port settings of a link. "bridge link" does not show the number
// of the port and whether it answers for neighbours.
func (h *Host) setPort(name string, p BridgePort) error {
	name, _, _ = strings.Cut(name, "@")
	i := slices.IndexFunc(h.Links, func(l Link) bool { return l.Name == name })
	if i < 0 {
		return fmt.Errorf("port %s: there is no such link yet: the output of ip addr is needed ahead of that of bridge link", name)
	}
	known := h.Links[i].Port
	p.Number, p.ProxyARP = known.Number, known.ProxyARP
	h.Links[i].Port = p
	return nil
}
