package host

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

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
	var p shownPort
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	return h.setPort(name, p)
}

// addPortLines reads the output of "bridge -d link".
func (h *Host) addPortLines(lines []dumpLine) error {
	for i := 0; i < len(lines); {
		first := lines[i]
		var p shownPort
		for i++; i < len(lines) && !lines[i].begins; i++ {
			p.read(lines[i].words)
		}
		if err := h.setPort(strings.TrimSuffix(first.words[1], ":"), p); err != nil {
			return first.wrap(err)
		}
	}
	return nil
}

// read takes the settings of a port out of a line such as "hairpin off guard off
// … isolated off", which "ip -d link" prints as well.
func (p *shownPort) read(words []string) {
	for i := range max(len(words)-1, 0) {
		switch on := words[i+1] == "on"; words[i] {
		case "hairpin":
			p.Hairpin = on
		case "isolated":
			p.Isolated = on
		}
	}
}

// setPort sets the bridge port settings of a link.
func (h *Host) setPort(name string, p shownPort) error {
	name, _, _ = strings.Cut(name, "@")
	i := slices.IndexFunc(h.Links, func(l Link) bool { return l.Name == name })
	if i < 0 {
		return fmt.Errorf("port %s: there is no such link yet: the output of ip addr is needed ahead of that of bridge link", name)
	}
	h.Links[i].Hairpin, h.Links[i].Isolated = p.Hairpin, p.Isolated
	return nil
}
