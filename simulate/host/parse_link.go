package host

import (
	"fmt"
	"strconv"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// portWords are the words for settings of a port of a bridge.
var portWords = map[string]func(*BridgePort){
	"hairpin":      func(p *BridgePort) { p.Hairpin = true },
	"isolated":     func(p *BridgePort) { p.Isolated = true },
	"locked":       func(p *BridgePort) { p.Locked = true },
	"nolearning":   func(p *BridgePort) { p.NoLearning = true },
	"noflood":      func(p *BridgePort) { p.NoFlood = true },
	"nomcastflood": func(p *BridgePort) { p.NoMcastFlood = true },
	"nobcastflood": func(p *BridgePort) { p.NoBcastFlood = true },
}

// link parses the words after "link".
func (r *lineReader) link(words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("the name of the link is missing")
	}
	l := Link{Name: words[0]}
	for words = words[1:]; len(words) > 0; words = words[1:] {
		switch words[0] {
		case "noarp":
			l.NoARP = true
		case "noheader":
			l.NoHeader = true
		case "down":
			l.Down = true
		case "mtu", "group", "mac", "master":
			if len(words) < 2 {
				return fmt.Errorf("link %s: %s needs a value", l.Name, words[0])
			}
			if err := setLink(&l, words[0], words[1]); err != nil {
				return fmt.Errorf("link %s: %s: %w", l.Name, words[0], err)
			}
			words = words[1:]
		default:
			if set := portWords[words[0]]; set != nil {
				set(&l.Port)
				continue
			}
			a, err := ParseAddress(words[0])
			if err != nil {
				return fmt.Errorf("link %s: %q is neither an address such as 10.0.0.1/24 nor noarp, noheader, down, mtu, group, mac, master or a setting of a port such as hairpin", l.Name, words[0])
			}
			l.Addrs = append(l.Addrs, a)
		}
	}
	r.host.Links = append(r.host.Links, l)
	return nil
}

func setLink(l *Link, word, value string) (err error) {
	var n uint64
	switch word {
	case "mtu":
		l.MTU, err = strconv.Atoi(value)
	case "group":
		n, err = strconv.ParseUint(value, 0, 32)
		l.Group = uint32(n)
	case "master":
		l.Master = value
	case "mac":
		l.MAC, err = packet.ParseMAC(value)
	}
	return err
}
