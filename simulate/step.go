package simulate

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
)

// StepKind is the kind of a step of a packet's path. The zero value is StepRule.
type StepKind uint8

// The kinds of steps.
const (
	StepRule    StepKind = iota // a rule whose conditions all held
	StepPolicy                  // the policy of a built-in chain
	StepReturn                  // the end of a user chain
	StepRoute                   // a routing decision
	StepTrack                   // connection tracking dropped the packet or could not confirm its connection
	StepNAT                     // addresses or ports were translated
	StepLocal                   // the IP stack: reception, validation, delivery, transmission
	StepHotDrop                 // a match dropped the packet (struct xt_action_param, hotdrop)
)

// Step is one step of the path of a packet.
type Step struct {
	Kind    StepKind
	Hook    netfilter.Hook
	Table   string            // of rules, policies and returns
	Chain   string            // of rules, policies and returns
	Backend netfilter.Backend // of the table, if it is one of iptables
	Number  int               // 1-based place in the chain; the policy or end counts as one more
	Rule    *netfilter.Rule   // nil for steps that are not rules
	Verdict netfilter.Verdict
	In, Out string // link names as the hook sees them
	Traced  bool   // the kernel logs it, because a TRACE rule matched the packet before
	version int    // index of the packet as it was before the step
	after   int    // index of the packet as it was after the step, for steps with an info

	detail detail             // of steps that are not rules; nil for none
	info   netfilter.StepInfo // of a rule, policy or return of another kind than xtables
}

// label returns the type of the step in the kernel's trace: "rule", "policy" or
// "return"; "" for steps that are not traced
// (net/ipv4/netfilter/ip_tables.c, trace_packet).
func (s *Step) label() string {
	switch s.Kind {
	case StepPolicy:
		return "policy"
	case StepReturn:
		return "return"
	case StepRule:
		if s.Rule == nil {
			return "rule"
		}
		if _, fixed := s.Rule.Target.(netfilter.StandardTarget); !fixed || !s.Rule.Unconditional() {
			return "rule"
		}
		if _, builtin := netfilter.HookByName(s.Chain); builtin {
			return "policy"
		}
		return "return"
	}
	return ""
}

// Place returns "table:CHAIN:rule:n" as in the kernel's trace; "" for steps that are
// neither rule, policy nor return.
func (s *Step) Place() string {
	l := s.label()
	if l == "" {
		return ""
	}
	return s.Table + ":" + s.Chain + ":" + l + ":" + strconv.Itoa(s.Number)
}

// Detail returns the decision of a step that is not a rule, or why a rule dropped the
// packet if its text does not show it; "" otherwise.
func (s *Step) Detail() string {
	if s.detail == nil {
		return ""
	}
	return s.detail.String()
}

// Equal reports whether both describe the same step; the state of the packet at the
// step is not compared.
func (s Step) Equal(o Step) bool {
	if (s.Rule == nil) != (o.Rule == nil) || s.Rule != nil && !s.Rule.Equal(*o.Rule) {
		return false
	}
	if s.Detail() != o.Detail() || s.text(netfilter.IPv4) != o.text(netfilter.IPv4) {
		return false
	}
	s.Rule, s.version, s.detail, s.info = nil, 0, nil, nil
	o.Rule, o.version, o.detail, o.info = nil, 0, nil, nil
	return s == o
}
