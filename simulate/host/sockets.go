package host

import (
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// ReadSockets reads what "ss -lntup" prints, also with -a, -e and without a
// heading: the TCP and UDP sockets of the host. Sockets of other kinds are left
// out. Ports must be numbers, as -n prints them. The owner of a socket is known
// with -e only, and is root otherwise.
func ReadSockets(r io.Reader) ([]Socket, error) {
	b, err := readText(r)
	if err != nil {
		return nil, err
	}
	sockets := []Socket{}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		s, ok, err := readSocketLine(strings.Fields(line))
		if err != nil {
			return nil, fmt.Errorf("line %d (%s): %w", n, strings.TrimSpace(line), err)
		}
		if ok {
			sockets = append(sockets, s)
		}
	}
	return sockets, nil
}

// transports are the names of ss for what packets may be for.
var transports = map[string]uint8{"tcp": packet.ProtoTCP, "udp": packet.ProtoUDP, "v_str": 0, "mptcp": packet.ProtoTCP}

// open are the states of sockets that packets may be for.
var open = map[string]bool{"LISTEN": true, "UNCONN": true, "ESTAB": true}

// readSocketLine reads "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(…)"; without
// the protocol the socket is one of TCP.
func readSocketLine(w []string) (s Socket, ok bool, err error) {
	if len(w) == 0 || w[0] == "Netid" || w[0] == "State" {
		return s, false, nil
	}
	s.Proto = packet.ProtoTCP
	if proto, known := transports[w[0]]; known {
		s.Proto = proto
		w = w[1:]
	}
	if len(w) < 5 || !open[w[0]] || s.Proto == 0 {
		return s, false, nil
	}
	if s.Addr, s.Port, s.Dev, err = readEnd(w[3]); err != nil {
		return s, false, err
	}
	peer, port, _, err := readEnd(w[4])
	if err != nil {
		return s, false, err
	}
	if port != 0 && peer.IsValid() {
		s.Remote = netip.AddrPortFrom(peer, port)
	}
	for _, detail := range w[5:] {
		if uid, ok := strings.CutPrefix(detail, "uid:"); ok {
			n, err := strconv.ParseUint(uid, 10, 32)
			if err != nil {
				return s, false, fmt.Errorf("bad user %q", uid)
			}
			s.Owner.UID = uint32(n)
		}
	}
	if s.Port == 0 {
		return s, false, nil
	}
	return s, true, nil
}

// readEnd reads "127.0.0.53%lo:53", "[::]:80", "*:6443" and "0.0.0.0:*".
func readEnd(text string) (a netip.Addr, port uint16, dev string, err error) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return a, 0, "", fmt.Errorf("address and port %q: the colon is missing", text)
	}
	addr, number := text[:i], text[i+1:]
	if number != "*" {
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return a, 0, "", fmt.Errorf("port %q is a name: run ss with -n", number)
		}
		port = uint16(n)
	}
	addr, dev, _ = strings.Cut(addr, "%")
	addr = strings.Trim(addr, "[]")
	if inner, zone, ok := strings.Cut(dev, "]"); ok { // [fe80::1%eth0]
		dev = inner + zone
	}
	if addr == "*" || addr == "" {
		return a, port, dev, nil
	}
	if a, err = netip.ParseAddr(addr); err != nil {
		return a, 0, "", fmt.Errorf("address %q: %w", addr, err)
	}
	return a.Unmap(), port, dev, nil
}
