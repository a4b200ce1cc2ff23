package simtest

import (
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// Load makes a node of a host and its rules: those of IPv4 first, those of IPv6
// second; "" stands for none. Each is the name of a file, or the text of
// iptables-save itself if it has several lines. The test ends if something is
// wrong with them. The zero Host forwards everything.
//
// To count coverage, or to choose time and seed, use Node.With.
func Load(tb testing.TB, h host.Host, rules ...string) *simulate.Node {
	tb.Helper()
	if len(rules) > 2 {
		tb.Fatalf("%d rulesets: one of IPv4 and one of IPv6 can be loaded", len(rules))
	}
	var rs []netfilter.Rules
	for i, r := range rules {
		if r == "" {
			continue
		}
		parsed, err := read(r, netfilter.Family(i))
		if err != nil {
			tb.Fatalf("rules of %s:\n%+v", netfilter.Family(i), err)
		}
		rs = append(rs, parsed)
	}
	node, err := simulate.New(h, rs...)
	if err != nil {
		tb.Fatalf("the kernel would refuse this: %v", err)
	}
	return node
}

// read reads rules from a file or from the text itself.
func read(rules string, f netfilter.Family) (*netfilter.Ruleset, error) {
	if strings.Contains(rules, "\n") {
		return parser.ParseString(rules, parser.Family(f))
	}
	return parser.ParseFile(rules, parser.Family(f))
}

// packet reads a packet in the language of parser.ParsePacket.
func packetFrom(tb testing.TB, text string) (dev string, p netfilter.Packet) {
	tb.Helper()
	dev, p, err := parser.ParsePacket(text)
	if err != nil {
		tb.Fatalf("packet:\n%+v", err)
	}
	return dev, p
}
