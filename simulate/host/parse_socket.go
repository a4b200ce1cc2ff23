package host

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// socket parses the words after "socket".
func (r *lineReader) socket(words []string) error {
	if r.host.Sockets == nil {
		r.host.Sockets = []Socket{}
	}
	if len(words) == 1 && words[0] == "none" {
		return nil
	}
	if len(words) < 2 {
		return errors.New("a socket needs a protocol and an address: socket tcp 192.168.0.5:80")
	}
	s, err := parseSocket(words)
	if err == nil {
		err = s.Check()
	}
	if err != nil {
		return fmt.Errorf("socket %s: %w", strings.Join(words, " "), err)
	}
	r.host.Sockets = append(r.host.Sockets, s)
	return nil
}

// parseSocket reads protocol, address and what follows them.
func parseSocket(words []string) (s Socket, err error) {
	var ok bool
	if s.Proto, ok = packet.ProtocolByName(strings.ToLower(words[0])); !ok {
		return s, fmt.Errorf("unknown protocol %q", words[0])
	}
	if err := s.bind(words[1]); err != nil {
		return s, err
	}
	for words = words[2:]; len(words) > 0; words = words[1:] {
		if words[0] == "transparent" {
			s.Owner.Transparent = true
			continue
		}
		if len(words) < 2 {
			return s, fmt.Errorf("%q is unknown or needs a value: there are to, dev, uid, gid, mark and transparent", words[0])
		}
		if err := s.set(words[0], words[1]); err != nil {
			return s, err
		}
		words = words[1:]
	}
	return s, nil
}

// bind reads the address that a socket is bound to; an asterisk is any.
func (s *Socket) bind(text string) error {
	if port, ok := strings.CutPrefix(text, "*:"); ok {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return fmt.Errorf("bad port %q: need a number up to 65535", port)
		}
		s.Port = uint16(n)
		return nil
	}
	end, err := netip.ParseAddrPort(text)
	if err != nil {
		return fmt.Errorf("bad address %q: it looks like 192.168.0.5:80, [2001:db8::5]:80 or *:80", text)
	}
	s.Addr, s.Port = end.Addr(), end.Port()
	return nil
}

// set stores what follows the address.
func (s *Socket) set(word, value string) (err error) {
	var n uint64
	switch word {
	case "to":
		s.Remote, err = netip.ParseAddrPort(value)
	case "dev":
		s.Dev = value
	case "uid", "gid", "mark":
		if n, err = strconv.ParseUint(value, 0, 32); err != nil {
			return fmt.Errorf("bad %s %q: need a number", word, value)
		}
		switch word {
		case "uid":
			s.Owner.UID = uint32(n)
		case "gid":
			s.Owner.GID = uint32(n)
		default:
			s.Owner.Mark = uint32(n)
		}
	default:
		return fmt.Errorf("unknown word %q: there are to, dev, uid, gid, mark and transparent", word)
	}
	return err
}
