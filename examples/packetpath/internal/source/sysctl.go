package source

import (
	"strings"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// addSysctl keeps the settings that are used, and notes their number.
func (b *builder) addSysctl(p Part) {
	total, kept := 0, 0
	n := 0
	for line := range strings.Lines(p.Text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		key, value, ok := strings.Cut(strings.TrimPrefix(line, "-"), "=")
		if !ok {
			if !strings.HasPrefix(line, "sysctl:") {
				b.note(NoteUnread, p.Name, n, "no setting: %s", Printable(cut(line, 60)))
			}
			continue
		}
		key, value = sysctlName(strings.TrimSpace(key)), strings.TrimSpace(value)
		total++
		if !knownSysctl(key) {
			continue
		}
		kept++
		b.Host.Sysctl[key] = value
	}
	b.note(NoteSysctl, p.Name, 0, "%d of %d settings matter and are heeded", kept, total)
}

// sysctlName returns a name with dots between its parts; sysctl takes slashes
// too, and then a dot belongs to the name of a link (procps, sysctl.c).
func sysctlName(key string) string {
	if i := strings.IndexAny(key, "./"); i >= 0 && key[i] == '/' {
		return strings.ReplaceAll(key, "/", ".")
	}
	return key
}

// probe is a link that no host has, to ask about settings of links.
const probe = "probe0"

// knownSysctl reports whether the simulation knows a setting.
func knownSysctl(key string) bool {
	for _, p := range []string{"net.ipv4.", "net.ipv6.", "net.netfilter.", "net.bridge.", "net.core."} {
		if strings.HasPrefix(key, p) {
			_, err := simulate.New(host.Host{Links: []host.Link{{Name: probe}}, Sysctl: map[string]string{ofProbe(key): "1"}})
			return err == nil
		}
	}
	return false
}

// ofProbe names the link probe in place of the one that a setting is for.
func ofProbe(key string) string {
	w := strings.Split(key, ".")
	if len(w) >= 5 && (w[2] == "conf" || w[2] == "neigh") && w[3] != "all" && w[3] != "default" {
		return strings.Join([]string{w[0], w[1], w[2], probe, w[len(w)-1]}, ".")
	}
	return key
}

// settings drops those of links that the host does not have, which a capture of
// all settings has where some links were left out.
func (b *builder) settings() {
	if !b.HasHost {
		for key := range b.Host.Sysctl {
			if ofProbe(key) != key {
				delete(b.Host.Sysctl, key)
			}
		}
		return
	}
	links := map[string]bool{"lo": true}
	for _, l := range b.Host.Links {
		links[l.Name] = true
	}
	for key := range b.Host.Sysctl {
		if w := strings.Split(key, "."); ofProbe(key) != key && !links[strings.Join(w[3:len(w)-1], ".")] {
			delete(b.Host.Sysctl, key)
		}
	}
}
