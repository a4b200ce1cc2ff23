package simulate

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
)

// StepKind says what a step of a packet's path is. The zero value is StepRule.
type StepKind uint8

// The kinds of steps.
const (
	StepRule    StepKind = iota // a rule whose conditions all held
	StepPolicy                  // the policy of a built-in chain
	StepReturn                  // the end of a user chain
	StepRoute                   // a routing decision
	StepTrack                   // connection tracking dropped it or could not confirm it
	StepNAT                     // addresses or ports were translated
	StepLocal                   // the host itself: arrival, its own checks, delivery
	StepHotDrop                 // a match dropped the packet on the spot
)

// Step is one thing that happened to a packet.
type Step struct {
	Kind    StepKind
	Hook    netfilter.Hook
	Table   string          // of rules, policies and returns
	Chain   string          // of rules, policies and returns
	Number  int             // 1-based place in the chain; the policy or end counts as one more
	Rule    *netfilter.Rule // nil for anything that is no rule
	Verdict netfilter.Verdict
	In, Out string // link names as the hook sees them
	Traced  bool   // the kernel logs it: a TRACE rule had caught the packet
	version int    // index of the packet as it was before the step
	after   int    // index of the packet as the step left it, of steps with an info

	detail detail             // of steps that are no rules; nil for none
	info   netfilter.StepInfo // of a rule, policy or return of another kind than xtables
}

// label returns the words the kernel's trace has for the step: "rule",
// "policy" or "return"; "" for steps it does not log
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

// Place returns "table:CHAIN:rule:n" as the kernel's trace names a step; "" for
// steps that are neither rule, policy nor return.
func (s *Step) Place() string {
	l := s.label()
	if l == "" {
		return ""
	}
	return s.Table + ":" + s.Chain + ":" + l + ":" + strconv.Itoa(s.Number)
}

// Detail says what was decided by a step that is no rule, or why a rule dropped the
// packet where its text does not tell; "" otherwise.
func (s *Step) Detail() string {
	if s.detail == nil {
		return ""
	}
	return s.detail.String()
}
