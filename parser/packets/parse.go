package packets

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
)

// Packet is a packet with the link by which it arrives.
type Packet struct {
	Dev    string // the link it arrives by; "" if a local process sends it
	Packet packet.Packet
	Form   Form
	// LinkUnknown reports that the text gives neither the link by which the packet
	// arrived nor that the host sent it; Dev is "" then.
	LinkUnknown bool
	Notes       []string // values chosen because the text does not give them
	// Log is the information of a kernel log line besides the packet.
	Log *LogLine
}

// String returns the packet as parser.ParsePacket reads it.
func (p *Packet) String() string { return parser.FormatPacket(p.Dev, p.Packet) }

// Form is the format of a packet description.
type Form string

// The forms.
const (
	Native  Form = "packet"
	Words   Form = "words"
	Options Form = "iptables options"
	Route   Form = "ip route get"
	Tcpdump Form = "tcpdump"
	Kernel  Form = "kernel log"
)

// Looks reports whether a text is probably a packet description, valid or not.
func Looks(text string) bool {
	w := strings.Fields(text)
	if len(w) < 2 {
		return len(w) == 1 && strings.Contains(text, ">")
	}
	if isKernel(text) || isTcpdump(text) || isRoute(w) || strings.HasPrefix(w[0], "-") {
		return true
	}
	if strings.HasSuffix(w[0], ":") {
		w = w[1:]
	}
	if len(w) == 0 {
		return false
	}
	_, rest, glued := strings.Cut(w[0], ":")
	return isProtocol(w[0]) || glued && isProtocol(rest) || w[0] == "wire" || w[0] == "proto"
}

// Parse parses a packet from one line.
func Parse(text string) (*Packet, error) {
	w := strings.Fields(text)
	switch {
	case len(w) == 0:
		return nil, errors.New("the packet is missing")
	case isKernel(text):
		return parseKernel(text)
	case isTcpdump(text):
		return parseTcpdump(text)
	case isRoute(w):
		return parseRoute(w)
	case strings.HasPrefix(w[0], "-"):
		return parseOptions(text)
	}
	dev, p, err := parser.ParsePacket(text)
	if err == nil {
		return &Packet{Dev: dev, Packet: p, Form: Native}, nil
	}
	return parseWords(text, err)
}

func isProtocol(s string) bool {
	switch strings.ToLower(s) {
	case "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmp6", "icmpv6", "ipv6-icmp", "proto", "ping", "gre", "esp", "ah":
		return true
	}
	return false
}

// usualPort is the source port of packets for which none is given. It is in the range of
// ephemeral ports of Linux, which begins at 32768, and no service is assigned to it.
const usualPort = 40000

func (p *Packet) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}
