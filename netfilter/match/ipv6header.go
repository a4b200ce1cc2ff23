package match

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// IPv6Header matches the set of extension headers of an IPv6 packet
// (net/ipv6/netfilter/ip6t_ipv6header.c, ipv6header_mt6). The zero value
// matches nothing: every packet has at least one header in the set.
type IPv6Header struct {
	Headers HeaderSet
	// Soft requires that the packet has all headers listed, or, inverted, none of
	// them; others may be present. Without Soft the packet must have exactly the
	// headers listed.
	Soft   bool
	Invert bool
}

// HeaderSet is a set of extension headers.
type HeaderSet uint8

// The headers. HeaderProtocol is any protocol that is not an extension header.
const (
	HeaderHopByHop HeaderSet = 1 << iota
	HeaderDestOpts
	HeaderRouting
	HeaderFragment
	HeaderAH
	HeaderESP
	HeaderNone
	HeaderProtocol
)

// headerNames are the names that iptables-save prints, by bit.
var headerNames = opt.Names{"hop-by-hop", "ipv6-opts", "ipv6-route", "ipv6-frag", "ah", "esp", "ipv6-nonxt", "protocol"}

// headerAliases are further names, by bit; including the IANA names (iptables
// extensions/libip6t_ipv6header.c).
var headerAliases = [...]string{
	"hop ip IP hopopt HOPOPT 0", "dst IPv6-Opts 60", "route IPv6-Route 43", "frag IPv6-Frag 44",
	"auth IPSEC-AH 51", "IPSEC-ESP 50", "none IPv6-NoNxt 59", "prot 255",
}

// headerNumbers are the headers, by bit; the last has none.
var headerNumbers = [...]uint8{
	packet.ProtoHopByHop, packet.ProtoDestOpts, packet.ProtoRouting, packet.ProtoFragment,
	packet.ProtoAH, packet.ProtoESP, packet.ProtoNone,
}

var ipv6headerDefinition = netfilter.Definition{
	Name:     "ipv6header",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &IPv6Header{} },
	Options: []netfilter.OptionDef{
		{Name: "header", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*IPv6Header).setHeaders)},
		opt.Flag("soft", func(m *IPv6Header) *bool { return &m.Soft }),
	},
}

// setHeaders reads names separated by commas; empty words are ignored. Names
// are case-sensitive.
func (m *IPv6Header) setHeaders(v *netfilter.Value) error {
	m.Invert = v.Invert
	for word := range strings.SplitSeq(v.Arg(), ",") {
		if word == "" {
			continue
		}
		bit, ok := headerByName(word)
		if !ok {
			return fmt.Errorf("unknown header %q: need some of %s", word, headerNames)
		}
		m.Headers |= bit
	}
	if m.Headers == 0 {
		return errors.New("no header is named")
	}
	return nil
}

func headerByName(word string) (HeaderSet, bool) {
	for i, name := range headerNames {
		if word == name {
			return 1 << i, true
		}
		for alias := range strings.FieldsSeq(headerAliases[i]) {
			if word == alias {
				return 1 << i, true
			}
		}
	}
	return 0, false
}

// Definition returns the extension's definition.
func (m *IPv6Header) Definition() *netfilter.Definition { return &ipv6headerDefinition }

// Name returns "ipv6header".
func (m *IPv6Header) Name() string { return "ipv6header" }

// AppendOptions appends "[!] --header list" and "--soft".
func (m *IPv6Header) AppendOptions(b []byte) []byte {
	b = opt.AppendSet(append(opt.AppendOption(b, "header", m.Invert), ' '), headerNames, m.Headers)
	return opt.AppendFlag(b, "soft", m.Soft)
}

// Match compares the headers. A packet that ends before a header does not
// match, not even inverted. The data of a later fragment is interpreted as
// headers, as in the kernel.
func (m *IPv6Header) Match(c *netfilter.Context) bool {
	have, ok := headersOf(c.Packet.Wire())
	switch {
	case !ok:
		return false
	case !m.Soft:
		return (have == m.Headers) != m.Invert
	case m.Invert:
		return have&m.Headers == 0
	}
	return have&m.Headers == m.Headers
}

// headersOf returns the set of headers of a packet; false if one of them is
// truncated before its length field (ip6t_ipv6header.c, ipv6header_mt6).
func headersOf(w []byte) (set HeaderSet, ok bool) {
	for h := range packet.ExtensionHeaders(w) {
		i := headerIndex(h.Proto)
		switch {
		case h.Offset > len(w):
			return set | endOf(h.Proto), true
		case i < 0:
			return set | HeaderProtocol, true
		case h.Proto == packet.ProtoNone:
			return set | HeaderNone, true
		case h.Offset+2 > len(w):
			return 0, false
		case h.Proto == packet.ProtoESP:
			return set | HeaderESP, true
		}
		set |= 1 << i
	}
	return 0, false
}

// endOf returns the headers counted for the last header of a packet: any
// protocol except ESP and "no next header" is HeaderProtocol.
func endOf(next uint8) HeaderSet {
	if next == packet.ProtoNone || next == packet.ProtoESP {
		return 0
	}
	return HeaderProtocol
}

func headerIndex(number uint8) int {
	for i, n := range headerNumbers {
		if n == number {
			return i
		}
	}
	return -1
}
