package nfttext

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// standard is a named priority.
type standard struct {
	name  string
	value int32
	hooks func(nft.Hook, Release) bool // nil for all
}

func dstnatHook(h nft.Hook, r Release) bool {
	return h == nft.Prerouting || h == nft.Output && r >= Release117
}

func srcnatHook(h nft.Hook, r Release) bool {
	return h == nft.Postrouting || h == nft.Input && r >= Release117
}

func outputOnly(h nft.Hook, _ Release) bool { return h == nft.Output }

var standards = []standard{{"raw", -300, nil}, {"mangle", -150, nil}, {"dstnat", -100, dstnatHook}, {"filter", 0, nil},
	{"security", 50, nil}, {"srcnat", 100, srcnatHook}}

var bridgeStandards = []standard{{"dstnat", -300, dstnatHook}, {"filter", -200, nil}, {"out", 100, outputOnly}, {"srcnat", 300, srcnatHook}}

var filterStandard = []standard{{"filter", 0, nil}}

// standardsOf returns the names of priorities in a family
// (include/uapi/linux/netfilter_ipv4.h, netfilter_bridge.h).
func standardsOf(f nft.Family) []standard {
	switch f {
	case nft.Bridge:
		return bridgeStandards
	case nft.ARP, nft.Netdev:
		return filterStandard
	}
	return standards
}

// reach is the maximum distance of a priority from a named one to be printed
// relative to it.
const reach = 10

func (l *lister) priority(p int32, h nft.Hook) string {
	if !l.NumericPriority {
		if name := priorityName(p, h, l.table.Family, l.Release); name != "" {
			return name
		}
	}
	return fmt.Sprint(p)
}

func priorityName(p int32, h nft.Hook, f nft.Family, rel Release) string {
	for _, s := range standardsOf(f) {
		d := int64(p) - int64(s.value)
		if d < -reach || d > reach {
			continue
		}
		switch {
		case s.hooks != nil && !s.hooks(h, rel):
			return ""
		case d == 0:
			return s.name
		case d > 0:
			return fmt.Sprintf("%s + %d", s.name, d)
		}
		return fmt.Sprintf("%s - %d", s.name, -d)
	}
	return ""
}
