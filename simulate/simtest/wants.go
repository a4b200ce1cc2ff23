package simtest

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// The hooks where table nat decides about destination and source.
const (
	destinationNAT = netfilter.Hooks(1<<netfilter.Prerouting | 1<<netfilter.Output)
	sourceNAT      = netfilter.Hooks(1<<netfilter.Postrouting | 1<<netfilter.Input)
)

// fate wants a fate.
func fate(f simulate.Fate) Want {
	return Want{words: f.String(), each: func(x *way) string {
		if x.Fate == f {
			return ""
		}
		return x.Fate.String()
	}}
}

// Delivered wants the packet handed to the host itself.
func Delivered() Want { return fate(simulate.Delivered) }

// Forwarded wants the packet passed on to another host.
func Forwarded() Want { return fate(simulate.Forwarded) }

// Sent wants a packet of the host's own to leave it.
func Sent() Want { return fate(simulate.Sent) }

// Dropped wants a rule or policy to drop the packet without a word.
func Dropped() Want { return fate(simulate.Dropped) }

// Rejected wants a REJECT rule to take the packet.
func Rejected() Want { return fate(simulate.Rejected) }

// NoRoute wants routing to know no way for the packet.
func NoRoute() Want { return fate(simulate.NoRoute) }

// Fate wants one of the other fates.
func Fate(f simulate.Fate) Want { return fate(f) }

// Passed wants the packet delivered, forwarded or sent.
func Passed() Want {
	return Want{words: "let through", each: func(x *way) string {
		if x.Fate.Passed() {
			return ""
		}
		return x.Fate.String()
	}}
}

// Blocked wants the packet neither delivered nor forwarded nor sent.
func Blocked() Want {
	return Want{words: "not let through", each: func(x *way) string {
		if !x.Fate.Passed() {
			return ""
		}
		return x.Fate.String()
	}}
}

// ForwardedTo wants the packet passed on to an address or address and port:
// "10.244.0.2", "10.244.0.2:53", "[2001:db8::2]:53". For a bad text nothing is
// as wanted.
func ForwardedTo(end string) Want { return both("forwarded to "+end, Forwarded(), To(end)) }

// DeliveredTo wants the packet handed to the host at an address or address and
// port of its own, as ForwardedTo has them.
func DeliveredTo(end string) Want { return both("delivered to "+end, Delivered(), To(end)) }

// SentTo wants a packet of the host's own to leave for an address or address and
// port, as ForwardedTo has them.
func SentTo(end string) Want { return both("sent to "+end, Sent(), To(end)) }

// both wants two things of each way and calls them by a name of their own.
func both(words string, a, b Want) Want {
	return Want{words: words, nat: a.nat | b.nat, each: func(x *way) string {
		if s := a.each(x); s != "" {
			return s
		}
		return b.each(x)
	}}
}

// To wants a destination of the packet as it left or ended, an address or address
// and port.
func To(end string) Want {
	return endWant("to ", end, destinationNAT, func(r *simulate.Result) netip.AddrPort { return r.Endpoint() })
}

// From wants a source of the packet as it left or ended, an address or address
// and port.
func From(end string) Want {
	return endWant("from ", end, sourceNAT, func(r *simulate.Result) netip.AddrPort { return r.Source() })
}

func endWant(word, end string, nat netfilter.Hooks, of func(*simulate.Result) netip.AddrPort) Want {
	want, withPort, err := parseEnd(end)
	return Want{words: word + end, nat: nat, each: func(x *way) string {
		if err != nil {
			return err.Error()
		}
		got := of(x.Result)
		if got.Addr() == want.Addr() && (!withPort || got.Port() == want.Port()) {
			return ""
		}
		return word + got.String()
	}}
}

// parseEnd reads an address with or without a port.
func parseEnd(s string) (end netip.AddrPort, withPort bool, err error) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return netip.AddrPortFrom(a, 0), false, nil
	}
	if end, err = netip.ParseAddrPort(s); err != nil {
		return end, false, fmt.Errorf("%q is neither an address nor address and port", s)
	}
	return end, true, nil
}

// Via wants the packet to leave by a link.
func Via(link string) Want {
	return Want{words: "by " + link, each: func(x *way) string {
		switch x.OutDev {
		case link:
			return ""
		case "":
			return "by no link"
		}
		return "by " + x.OutDev
	}}
}

// Mark wants a mark of the packet as it left or ended.
func Mark(mark uint32) Want { return MarkBits(mark, 0xffffffff) }

// MarkBits wants the bits in mask of the packet's mark to have a value.
func MarkBits(value, mask uint32) Want {
	return Want{words: fmt.Sprintf("mark %#x/%#x", value, mask), each: func(x *way) string {
		if x.Packet.Mark&mask == value {
			return ""
		}
		return fmt.Sprintf("mark %#x", x.Packet.Mark)
	}}
}

// Masqueraded wants a MASQUERADE or SNAT rule to have chosen the source the
// packet left with (Result.Masqueraded).
func Masqueraded() Want {
	return Want{words: "masqueraded", nat: sourceNAT, each: func(x *way) string {
		if x.Masqueraded() {
			return ""
		}
		return "from " + x.Packet.Src().String() + ", not masqueraded"
	}}
}

// NotMasqueraded wants the packet to leave with its own source.
func NotMasqueraded() Want {
	return Want{words: "not masqueraded", nat: sourceNAT, each: func(x *way) string {
		if !x.Masqueraded() {
			return ""
		}
		return "masqueraded as " + x.Packet.Src().String()
	}}
}

// By wants a rule to decide the fate (Result.By). A rule is named by its
// comment, or by its place as the kernel's trace has it: "filter:INPUT:rule:3",
// "filter:INPUT:policy:7".
func By(rule string) Want {
	return Want{words: "decided by " + rule, each: func(x *way) string {
		switch {
		case names(rule, x.By):
			return ""
		case !exists(rule, x.before):
			return noSuchRule(rule)
		}
		return "decided by " + called(x.By)
	}}
}

// Meeting wants a rule, named as for By, to match the packet on its way.
func Meeting(rule string) Want {
	return Want{words: "meeting " + rule, each: func(x *way) string {
		switch {
		case met(rule, x):
			return ""
		case !exists(rule, x.before):
			return noSuchRule(rule)
		}
		return "it did not match"
	}}
}

// Missing wants a rule, named as for By, not to match the packet.
func Missing(rule string) Want {
	return Want{words: "missing " + rule, each: func(x *way) string {
		switch {
		case met(rule, x):
			return "it matched"
		case !exists(rule, x.before):
			return noSuchRule(rule)
		}
		return ""
	}}
}

func met(rule string, x *way) bool {
	return slices.ContainsFunc(x.Steps, func(s simulate.Step) bool { return names(rule, &s) })
}

func called(s *simulate.Step) string {
	switch {
	case s == nil:
		return "no step"
	case s.Place() == "":
		return s.Detail()
	case s.Rule != nil && s.Rule.Comment() != "":
		return fmt.Sprintf("%s (%q)", s.Place(), s.Rule.Comment())
	}
	return s.Place()
}

// Answered wants the host itself to send a packet in answer whose text
// (netfilter.Packet.String) contains these words, such as "rst" or "icmp
// 10.0.0.1 > 10.0.0.2 type 3 code 13".
func Answered(words string) Want {
	return Want{words: "answered with " + words, each: func(x *way) string {
		var got []string
		for _, a := range x.Answers {
			if strings.Contains(a.String(), words) {
				return ""
			}
			got = append(got, a.String())
		}
		if got == nil {
			return "no answer"
		}
		return "answered with " + strings.Join(got, "; ")
	}}
}

// Reply wants something of the far end's answer (Result.Reply), which comes back
// by the link the packet left by: by whom it is taken for sent, say, and that it
// arrives:
//
//	simtest.Reply(simtest.From("10.96.0.10:53"), simtest.ForwardedTo("10.244.1.9:5000"))
func Reply(wants ...Want) Want {
	return Want{words: "with a reply " + combined(wants, ", ").words, nat: sourceNAT, each: func(x *way) string {
		answer := x.Result.Reply()
		if !answer.IsValid() {
			return "there is no reply to it"
		}
		s := x.before.Clone()
		dev := s.Take(x.Result).OutDev
		if dev == "" {
			dev = "eth0" // on a host without links any name will do
		}
		ws := waysOf(s, dev, answer)
		for _, w := range wants {
			if at, instead := w.check(ws); at != nil {
				return fmt.Sprintf("a reply %s: %s", instead, at)
			} else if instead != "" {
				return "a reply " + instead
			}
		}
		return ""
	}}
}

// waysOf returns all ways a packet can go.
func waysOf(s *simulate.Session, dev string, p netfilter.Packet) (ws []way) {
	for r := range s.Branches(dev, p) {
		ws = append(ws, way{r, s})
	}
	return ws
}
