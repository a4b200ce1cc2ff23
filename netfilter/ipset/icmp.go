package ipset

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// icmpName is a name of an ICMP type and code. Of two names for one code the
// first is printed.
type icmpName struct {
	name string
	code uint16
}

// icmpNames are the names ipset knows (ipset lib/icmp.c).
var icmpNames = []icmpName{
	{"echo-reply", 0}, {"pong", 0}, {"network-unreachable", 0x300}, {"host-unreachable", 0x301},
	{"protocol-unreachable", 0x302}, {"port-unreachable", 0x303}, {"fragmentation-needed", 0x304},
	{"source-route-failed", 0x305}, {"network-unknown", 0x306}, {"host-unknown", 0x307},
	{"network-prohibited", 0x309}, {"host-prohibited", 0x30a}, {"TOS-network-unreachable", 0x30b},
	{"TOS-host-unreachable", 0x30c}, {"communication-prohibited", 0x30d}, {"host-precedence-violation", 0x30e},
	{"precedence-cutoff", 0x30f}, {"source-quench", 0x400}, {"network-redirect", 0x500}, {"host-redirect", 0x501},
	{"TOS-network-redirect", 0x502}, {"TOS-host-redirect", 0x503}, {"echo-request", 0x800}, {"ping", 0x800},
	{"router-advertisement", 0x900}, {"router-solicitation", 0xa00}, {"ttl-zero-during-transit", 0xb00},
	{"ttl-zero-during-reassembly", 0xb01}, {"ip-header-bad", 0xc00}, {"required-option-missing", 0xc01},
	{"timestamp-request", 0xd00}, {"timestamp-reply", 0xe00}, {"address-mask-request", 0x1100},
	{"address-mask-reply", 0x1200},
}

// icmp6Names are the names ipset knows (ipset lib/icmpv6.c).
var icmp6Names = []icmpName{
	{"no-route", 0x100}, {"communication-prohibited", 0x101}, {"address-unreachable", 0x103},
	{"port-unreachable", 0x104}, {"packet-too-big", 0x200}, {"ttl-zero-during-transit", 0x300},
	{"ttl-zero-during-reassembly", 0x301}, {"bad-header", 0x400}, {"unknown-header-type", 0x401},
	{"unknown-option", 0x402}, {"echo-request", 0x8000}, {"ping", 0x8000}, {"echo-reply", 0x8100}, {"pong", 0x8100},
	{"router-solicitation", 0x8500}, {"router-advertisement", 0x8600}, {"neighbour-solicitation", 0x8700},
	{"neigbour-solicitation", 0x8700}, {"neighbour-advertisement", 0x8800}, {"neigbour-advertisement", 0x8800},
	{"redirect", 0x8900},
}

func namesOf(proto uint8) []icmpName {
	if proto == packet.ProtoICMPv6 {
		return icmp6Names
	}
	return icmpNames
}

// readICMP reads a name in any case or "type/code".
func readICMP(s string, proto uint8) (uint16, error) {
	for _, n := range namesOf(proto) {
		if strings.EqualFold(n.name, s) {
			return n.code, nil
		}
	}
	t, c, found := cutAt(s, "/")
	typ, err1 := opt.Uint(t, 0, 255)
	code, err2 := opt.Uint(c, 0, 255)
	if !found || err1 != nil || err2 != nil {
		return 0, fmt.Errorf("bad ICMP type %q: need a name or type/code, each from 0 to 255", s)
	}
	return uint16(typ<<8 | code), nil
}

func appendICMP(b []byte, proto uint8, code uint16) []byte {
	for _, n := range namesOf(proto) {
		if n.code == code {
			return append(b, n.name...)
		}
	}
	b = strconv.AppendUint(b, uint64(code>>8), 10)
	return strconv.AppendUint(append(b, '/'), uint64(code&0xff), 10)
}
