package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ICMP6 matches type and code of an ICMPv6 message (net/netfilter/xt_tcpudp.c,
// icmp6_match).
type ICMP6 struct {
	Type             uint8
	MinCode, MaxCode uint8 // inclusive; MinCode above MaxCode matches nothing
	Invert           bool
}

// newerICMP6Types are the names added in iptables 1.8.10.
var newerICMP6Types = []string{"mld-listener-query=130", "mld-listener-report=131", "mld-listener-done=132", "mld-listener-reduction=132"}

// icmp6Types are the names of types and codes (iptables libxtables,
// icmpv6_codes).
var icmp6Types = []string{
	"destination-unreachable=1", "no-route=1/0", "communication-prohibited=1/1", "beyond-scope=1/2",
	"address-unreachable=1/3", "port-unreachable=1/4", "failed-policy=1/5", "reject-route=1/6", "packet-too-big=2",
	"time-exceeded=3", "ttl-exceeded=3", "ttl-zero-during-transit=3/0", "ttl-zero-during-reassembly=3/1",
	"parameter-problem=4", "bad-header=4/0", "unknown-header-type=4/1", "unknown-option=4/2", "echo-request=128",
	"ping=128", "echo-reply=129", "pong=129", "router-solicitation=133", "router-advertisement=134",
	"neighbour-solicitation=135", "neighbor-solicitation=135", "neighbour-advertisement=136",
	"neighbor-advertisement=136", "redirect=137",
}

var icmp6Definition = netfilter.Definition{
	Name:      "icmp6",
	Aliases:   []string{"icmpv6", "ipv6-icmp"},
	Families:  netfilter.OnlyIPv6,
	New:       func() netfilter.Extension { return &ICMP6{MaxCode: 255} },
	Protocols: []uint8{packet.ProtoICMPv6},
	Options: []netfilter.OptionDef{
		{Name: "icmpv6-type", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*ICMP6).setType)},
	},
}

func (m *ICMP6) setType(v *netfilter.Value) error {
	t, err := opt.ICMP(icmp6Types, newerICMP6Types, v.Arg())
	m.Type, m.MinCode, m.MaxCode, m.Invert = t.Type, t.MinCode, t.MaxCode, v.Invert
	return err
}

// Definition returns the extension's definition.
func (m *ICMP6) Definition() *netfilter.Definition { return &icmp6Definition }

// Name returns "icmp6".
func (m *ICMP6) Name() string { return "icmp6" }

// AppendOptions appends "[!] --icmpv6-type type[/code]", without the upper end
// of a range of codes.
func (m *ICMP6) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "icmpv6-type", m.Invert), ' ')
	return opt.AppendICMP(b, opt.ICMPType{Type: m.Type, MinCode: m.MinCode, MaxCode: m.MaxCode})
}

// Match compares type and code. Only the first fragment of a packet matches; a
// packet without the whole header of 8 bytes is dropped.
func (m *ICMP6) Match(c *netfilter.Context) bool {
	typ, code, ok := icmpHeader(c)
	if !ok {
		return false
	}
	return (typ == m.Type && code >= m.MinCode && code <= m.MaxCode) != m.Invert
}

// Observe returns type and code.
func (m *ICMP6) Observe(c *netfilter.Context) string { return observeICMP(c) }
