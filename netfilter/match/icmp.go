package match

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ICMP matches type and code of an ICMP message (net/netfilter/xt_tcpudp.c,
// icmp_match). Type 255 stands for any type and code.
type ICMP struct {
	Type             uint8
	MinCode, MaxCode uint8 // inclusive; MinCode above MaxCode matches nothing
	Invert           bool
}

// AnyICMPType is the type of a condition that every ICMP message satisfies.
const AnyICMPType = 255

// newerICMPTypes are the names added in iptables 1.8.13.
var newerICMPTypes = []string{"info-request=15", "info-reply=16"}

// icmpTypes are the names of types and codes (iptables libxtables,
// icmp_codes).
var icmpTypes = []string{
	"any=255", "echo-reply=0", "pong=0", "destination-unreachable=3", "network-unreachable=3/0",
	"host-unreachable=3/1", "protocol-unreachable=3/2", "port-unreachable=3/3", "fragmentation-needed=3/4",
	"source-route-failed=3/5", "network-unknown=3/6", "host-unknown=3/7", "network-prohibited=3/9",
	"host-prohibited=3/10", "TOS-network-unreachable=3/11", "TOS-host-unreachable=3/12",
	"communication-prohibited=3/13", "host-precedence-violation=3/14", "precedence-cutoff=3/15", "source-quench=4",
	"redirect=5", "network-redirect=5/0", "host-redirect=5/1", "TOS-network-redirect=5/2", "TOS-host-redirect=5/3",
	"echo-request=8", "ping=8", "router-advertisement=9", "router-solicitation=10", "time-exceeded=11",
	"ttl-exceeded=11", "ttl-zero-during-transit=11/0", "ttl-zero-during-reassembly=11/1", "parameter-problem=12",
	"ip-header-bad=12/0", "required-option-missing=12/1", "timestamp-request=13", "timestamp-reply=14",
	"address-mask-request=17", "address-mask-reply=18",
}

var icmpDefinition = netfilter.Definition{
	Name:      "icmp",
	Families:  netfilter.OnlyIPv4,
	New:       func() netfilter.Extension { return &ICMP{Type: AnyICMPType, MaxCode: 255} },
	Protocols: []uint8{packet.ProtoICMP},
	Options: []netfilter.OptionDef{
		{Name: "icmp-type", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*ICMP).setType)},
	},
}

func (m *ICMP) setType(v *netfilter.Value) error {
	t, err := opt.ICMP(icmpTypes, newerICMPTypes, v.Arg())
	m.Type, m.MinCode, m.MaxCode, m.Invert = t.Type, t.MinCode, t.MaxCode, v.Invert
	return err
}

// Definition returns the extension's definition.
func (m *ICMP) Definition() *netfilter.Definition { return &icmpDefinition }

// Name returns "icmp".
func (m *ICMP) Name() string { return "icmp" }

// AppendOptions appends "[!] --icmp-type type[/code]", without the upper end of
// a range of codes.
func (m *ICMP) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "icmp-type", m.Invert), ' ')
	if m.Type == AnyICMPType {
		return append(b, "any"...)
	}
	return opt.AppendICMP(b, opt.ICMPType{Type: m.Type, MinCode: m.MinCode, MaxCode: m.MaxCode})
}

// Match compares type and code. Only the first fragment of a packet matches; a
// packet without the whole header of 8 bytes is dropped.
func (m *ICMP) Match(c *netfilter.Context) bool {
	typ, code, ok := icmpHeader(c)
	if !ok {
		return false
	}
	return (m.Type == AnyICMPType || typ == m.Type && code >= m.MinCode && code <= m.MaxCode) != m.Invert
}

// icmpHeader reads type and code; it sets hotdrop if the header is truncated.
func icmpHeader(c *netfilter.Context) (typ, code uint8, ok bool) {
	h, ok := opt.FirstHeader(c, 8)
	if !ok {
		return 0, 0, false
	}
	return h[0], h[1], true
}

// Observe returns type and code.
func (m *ICMP) Observe(c *netfilter.Context) string { return observeICMP(c) }

func observeICMP(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, 8)
	if !ok {
		return "no ICMP header"
	}
	return fmt.Sprintf("type %d code %d", h[0], h[1])
}
