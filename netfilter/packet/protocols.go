package packet

import (
	"strconv"
	"strings"
)

// protocolNames are the names that iptables-save prints, by number, from the
// assigned numbers as Debian's netbase spells them. If a number has several
// names, the first is printed and all are accepted. The upper-case aliases of
// that list are omitted: iptables looks up names in lower case.
var protocolNames = []struct {
	number uint8
	name   string
	alias  string
}{
	{0, "ip", "hopopt"}, {1, "icmp", ""}, {2, "igmp", ""}, {3, "ggp", ""}, {4, "ipencap", ""}, {5, "st", ""},
	{6, "tcp", ""}, {8, "egp", ""}, {9, "igp", ""}, {12, "pup", ""}, {17, "udp", ""}, {20, "hmp", ""}, {22, "xns-idp", ""},
	{27, "rdp", ""}, {29, "iso-tp4", ""}, {33, "dccp", ""}, {36, "xtp", ""}, {37, "ddp", ""}, {38, "idpr-cmtp", ""},
	{41, "ipv6", ""}, {43, "ipv6-route", ""}, {44, "ipv6-frag", ""}, {45, "idrp", ""}, {46, "rsvp", ""}, {47, "gre", ""},
	{50, "esp", ""}, {51, "ah", ""}, {57, "skip", ""}, {58, "ipv6-icmp", "icmpv6"}, {59, "ipv6-nonxt", ""},
	{60, "ipv6-opts", ""}, {73, "rspf", ""}, {81, "vmtp", ""}, {88, "eigrp", ""}, {89, "ospf", ""},
	{93, "ax.25", ""}, {94, "ipip", ""}, {97, "etherip", ""}, {98, "encap", ""}, {103, "pim", ""}, {108, "ipcomp", ""},
	{112, "vrrp", ""}, {115, "l2tp", ""}, {124, "isis", ""}, {132, "sctp", ""}, {133, "fc", ""},
	{135, "mobility-header", "ipv6-mh"}, {135, "mobility-header", "mh"}, {136, "udplite", ""}, {137, "mpls-in-ip", ""},
	{138, "manet", ""}, {139, "hip", ""}, {140, "shim6", ""}, {141, "wesp", ""}, {142, "rohc", ""}, {143, "ethernet", ""},
}

// ProtocolName returns the name iptables-save prints for a protocol, its number
// if it has none.
func ProtocolName(proto uint8) string {
	for _, p := range protocolNames {
		if p.number == proto {
			return p.name
		}
	}
	return strconv.Itoa(int(proto))
}

// ProtocolByName returns the number of a protocol name in any case; "all" is 0.
func ProtocolByName(name string) (uint8, bool) {
	name = strings.ToLower(name)
	if name == "all" {
		return 0, true
	}
	for _, p := range protocolNames {
		if p.name == name || p.alias == name && name != "" {
			return p.number, true
		}
	}
	return 0, false
}
