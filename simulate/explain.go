package simulate

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/machine"
)

// Line is a step of a packet's path in words.
type Line struct {
	Hook    string            // PREROUTING, INPUT, …
	Links   string            // "in eth0", "in eth0 out cni0"
	Place   string            // "nat:KUBE-SERVICES:rule:9"; "" for steps that are not rules
	Backend netfilter.Backend // of a table of iptables
	Text    string            // the rule as iptables-save prints it, or the decision of the step
	Change  string            // what the step changed: "mark 0x0 → 0x4000"; "" if nothing
	Verdict string            // how the step ended the table or chain: "ACCEPT", "DROP"; "" if it did not
	Decided bool              // this step decided the fate
	Why     string            // why a rule dropped the packet if its text does not show it; "" otherwise
}

// Explain returns the path as text, one line for each step.
func (r *Result) Explain() []Line {
	lines := make([]Line, len(r.Steps))
	for i := range r.Steps {
		s := &r.Steps[i]
		l := &lines[i]
		l.Hook, l.Links, l.Place, l.Backend, l.Text = s.Hook.String(), linkWords(s), s.Place(), s.Backend, s.text(r.family())
		l.Decided = i == r.path.decisive
		if s.Rule != nil {
			l.Why = s.Detail()
		}
		if s.Verdict != netfilter.Continue {
			l.Verdict = s.Verdict.String()
		}
		after := &r.Packet
		if i+1 < len(r.Steps) {
			after = r.kept(r.Steps[i+1].version)
		}
		if !r.path.brief.on {
			l.Change = changes(r.kept(s.version), after)
		}
	}
	return lines
}

func (r *Result) family() netfilter.Family {
	if r.Packet.IsValid() {
		return r.Packet.Family()
	}
	return netfilter.IPv4
}

func linkWords(s *Step) string {
	var w []string
	if s.In != "" {
		w = append(w, "in "+s.In)
	}
	if s.Out != "" {
		w = append(w, "out "+s.Out)
	}
	return strings.Join(w, " ")
}

// text returns the text of the rule, or the decision of a step that is not a rule.
func (s *Step) text(f netfilter.Family) string {
	switch {
	case s.info != nil:
		return s.info.Text()
	case s.Rule != nil:
		return string(s.Rule.AppendSave(nil, f, s.Chain))
	case s.Kind == StepPolicy:
		return "policy " + s.Verdict.String()
	case s.Kind == StepReturn:
		return "end of chain " + s.Chain
	}
	return s.Detail()
}

// changes lists the differences between two states of a packet, "" if there are none.
func changes(a, b *netfilter.Packet) string {
	if !a.IsValid() || !b.IsValid() {
		return ""
	}
	var out []string
	add := func(what string, old, new any) {
		if old != new {
			out = append(out, fmt.Sprintf("%s %v → %v", what, old, new))
		}
	}
	add("src", a.Src(), b.Src())
	add("sport", a.SrcPort(), b.SrcPort())
	add("dst", a.Dst(), b.Dst())
	add("dport", a.DstPort(), b.DstPort())
	add("mark", fmt.Sprintf("%#x", a.Mark), fmt.Sprintf("%#x", b.Mark))
	add("ttl", a.TTL(), b.TTL())
	add("tos", fmt.Sprintf("%#x", a.TOS()), fmt.Sprintf("%#x", b.TOS()))
	add("length", a.Len(), b.Len())
	return strings.Join(out, ", ")
}

// String returns the answer in one line.
func (r *Result) String() string {
	if r.Err != nil {
		return "undecided: " + r.Err.Error()
	}
	s := r.Fate.String()
	switch r.Fate {
	case Forwarded, Sent:
		s += " by " + machine.LinkName(r.OutDev) + " as " + r.Packet.String()
	case Delivered:
		s += " to the host as " + r.Packet.String()
	}
	if r.Chance < 1 {
		s += fmt.Sprintf(" (chance %.4g)", r.Chance)
	}
	s += "; " + r.reason()
	for _, c := range r.Caused {
		if c != nil && c.Err != nil {
			s += "; what the host itself sends is undecided: " + c.Err.Error()
		}
	}
	return s
}

// reason describes the deciding step.
func (r *Result) reason() string {
	s := r.By
	if s == nil {
		return "nothing decided"
	}
	text := s.text(r.family())
	if p := s.Place(); p != "" {
		verb := "decided"
		if r.Fate.Passed() {
			verb = "allowed"
		}
		if why := s.Detail(); why != "" {
			text += ": " + why
		}
		return verb + " by " + p + " " + text
	}
	return text
}

// Format implements fmt.Formatter: %v and %s print the answer in one line, %+v
// the whole path as well.
func (r *Result) Format(w fmt.State, verb rune) {
	fmt.Fprint(w, r.String())
	if verb != 'v' || !w.Flag('+') {
		return
	}
	hook := ""
	for _, l := range r.Explain() {
		if h := l.Hook + " " + l.Links; h != hook {
			hook = h
			fmt.Fprintf(w, "\n%s", strings.TrimSpace(h))
		}
		fmt.Fprintf(w, "\n  %s", l.words())
	}
	if r.Chance < 1 {
		fmt.Fprintf(w, "\nprobability: %s", r.Probability().RatString())
	}
	if r.RandomPort {
		fmt.Fprint(w, "\na port was drawn at random: any other free one would do as well")
	}
	for _, a := range r.Assumptions {
		fmt.Fprintf(w, "\nassumed: %s", a)
	}
	for _, c := range r.Caused {
		what := "the host answers"
		if r.isCopy(c) {
			what = "a copy"
		}
		fmt.Fprintf(w, "\n%s: %s", what, strings.ReplaceAll(fmt.Sprintf("%+v", c), "\n", "\n    "))
	}
}

// words joins the parts of a line.
func (l *Line) words() string {
	s := l.Text
	if l.Place != "" {
		s = l.Place + "  " + s
	}
	if l.Why != "" {
		s += "  (" + l.Why + ")"
	}
	if l.Change != "" {
		s += "  [" + l.Change + "]"
	}
	if l.Decided {
		s += "  <- decided"
	}
	return s
}
