package command

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
)

// answer is the output of a subcommand about one packet.
type answer struct {
	Packet  string           `json:"packet"` // the question, as parser.ParsePacket reads it
	Answer  string           `json:"answer"` // in one line
	Reason  string           `json:"reason"` // a stable code
	Fate    string           `json:"fate"`
	Passed  bool             `json:"passed"`
	Because []string         `json:"because,omitempty"` // in words: who set the mark, what the rule's comment says
	Names   []string         `json:"names,omitempty"`   // what the cluster calls addresses
	Result  *simulate.Result `json:"result"`
	Notes   []source.Note    `json:"notes"`
}

func (ans *answer) status() int {
	if ans.Passed {
		return statusYes
	}
	return statusNo
}

// answer describes the outcome of a packet in words.
func (a *app) answer(node *source.Node, p *packets.Packet, r *simulate.Result) *answer {
	ans := &answer{Packet: p.String(), Fate: r.Fate.String(), Passed: r.Fate.Passed(), Reason: reason(r), Result: r, Notes: []source.Note{}}
	ans.Because = because(node, p, r)
	ans.Names = names(node, p, r)
	ans.Answer = headline(node, r)
	for _, n := range p.Notes {
		ans.Notes = append(ans.Notes, source.Note{Code: source.NotePacket, Text: n})
	}
	ans.Notes = append(ans.Notes, assumed(node, p, r)...)
	return ans
}

// headline is the answer in one line. Where nothing is known of the host it does
// not name a link and a route that were made up.
func headline(node *source.Node, r *simulate.Result) string {
	s := r.String()
	if !node.HasHost {
		s = strings.Replace(s, "by an unnamed link as", "as", 1)
	}
	return s
}

// reason is the code of the step that decided.
func reason(r *simulate.Result) string {
	s := r.By
	switch {
	case r.Err != nil:
		return "undecided"
	case s.Kind == simulate.StepHotDrop:
		return "match-drop"
	case s.Kind == simulate.StepRule && s.Rule != nil && s.Rule.Target != nil:
		return "rule-" + strings.ToLower(s.Rule.Target.Name())
	case s.Kind == simulate.StepRule && s.Rule == nil && r.Fate == simulate.Rejected:
		return "rule-reject"
	case s.Kind == simulate.StepRule && s.Rule == nil:
		return "rule-" + strings.ToLower(s.Verdict.String())
	case s.Kind == simulate.StepPolicy:
		return "policy-" + strings.ToLower(s.Verdict.String())
	case s.Kind == simulate.StepTrack:
		return "conntrack-drop"
	case s.Kind == simulate.StepNAT:
		return "nat-drop"
	}
	switch r.Fate {
	case simulate.Martian:
		for _, w := range []string{"source", "destination"} {
			if strings.Contains(s.Detail(), w) {
				return "martian-" + w
			}
		}
		return "not-for-host"
	case simulate.NoRoute:
		for _, w := range []string{"not forwarding", "blackhole", "prohibited", "unreachable"} {
			if strings.Contains(s.Detail(), w) {
				return strings.ReplaceAll(w, " ", "-")
			}
		}
	}
	return strings.ReplaceAll(r.Fate.String(), " ", "-")
}

// because prints the cause of the deciding step.
func because(node *source.Node, p *packets.Packet, r *simulate.Result) []string {
	var out []string
	if rule := r.By.Rule; rule != nil {
		if c := rule.Comment(); c != "" {
			out = append(out, fmt.Sprintf("the rule's comment says %q", c))
		}
		out = append(out, whoMarked(r)...)
	}
	if rule := nftablesRule(node, r.By); rule != nil && rule.Comment != "" {
		out = append(out, fmt.Sprintf("the rule's comment says %q", rule.Comment))
	}
	out = append(out, whyInvalid(r)...)
	out = append(out, whoTranslated(r)...)
	out = append(out, refused(node, r)...)
	return append(out, cures(node, p, r)...)
}

// answerText is an answer of the host in words. That it has the kernel's own socket
// goes without saying. The kernel writes the checksum of an ICMP message of zeros as
// 0 (net/ipv4/icmp.c, icmp_push_reply), which is the same as the usual 0xffff.
func answerText(p *netfilter.Packet) string {
	shown := *p
	shown.Socket = nil
	if t := shown.Transport(); t.Found && t.Proto == packet.ProtoICMP && len(shown.Wire()) >= t.Offset+8 {
		wire := slices.Clone(shown.Wire())
		if sum := wire[t.Offset+2 : t.Offset+4]; sum[0] == 0 && sum[1] == 0 {
			sum[0], sum[1] = 0xff, 0xff
			shown.SetWire(wire)
		}
	}
	return shown.String()
}

// refused reports that the host replies because no socket is open, if that is known.
func refused(node *source.Node, r *simulate.Result) []string {
	if node.Host.Sockets == nil || r.Fate != simulate.Delivered || len(r.Answers) == 0 {
		return nil
	}
	proto, answer := r.Packet.Proto(), &r.Answers[0]
	switch {
	case proto == packet.ProtoTCP && answer.TCPFlags()&packet.RST != 0:
	case proto == packet.ProtoUDP && answer.Proto() != packet.ProtoUDP:
	default:
		return nil
	}
	return []string{fmt.Sprintf("no socket of the host takes it (%s port %d), and so the host refuses it", packet.ProtocolName(proto), r.Packet.DstPort())}
}

// whyInvalid says why the packet has the state INVALID, by which the deciding rule
// matched.
func whyInvalid(r *simulate.Result) []string {
	at := slices.IndexFunc(r.Steps, func(s simulate.Step) bool { return s.Kind == simulate.StepTrack && s.Verdict == netfilter.Continue })
	decided := slices.IndexFunc(r.Explain(), func(l simulate.Line) bool { return l.Decided && strings.Contains(strings.ToUpper(l.Text), "INVALID") })
	if at < 0 || decided < at {
		return nil
	}
	return []string{r.Steps[at].Detail()}
}

// whoMarked names the step that gave the packet the mark by which the deciding
// rule matched.
func whoMarked(r *simulate.Result) []string {
	marks := false
	for _, m := range r.By.Rule.Matches {
		switch m.(type) {
		case *match.Mark, *match.ConnMark:
			marks = true
		}
	}
	if !marks {
		return nil
	}
	last := ""
	for i := range r.Steps {
		s := &r.Steps[i]
		if s == r.By {
			break
		}
		if i+1 < len(r.Steps) && r.Before(&r.Steps[i+1]).Mark != r.Before(s).Mark && s.Rule != nil {
			last = fmt.Sprintf("the mark %#x was set by %s %s", r.Before(&r.Steps[i+1]).Mark, s.Place(), ruleText(r, s))
			if from := caller(r, i); from != "" {
				last += ", which " + from + " leads to"
			}
		}
	}
	if last == "" {
		return nil
	}
	return []string{last}
}

// caller names the rule that jumped to the chain of a step.
func caller(r *simulate.Result, at int) string {
	chain := r.Steps[at].Chain
	for i := at - 1; i >= 0; i-- {
		s := &r.Steps[i]
		if s.Rule == nil {
			continue
		}
		if j, ok := s.Rule.Target.(*netfilter.Jump); ok && j.Chain == chain {
			return s.Place() + comment(s.Rule)
		}
	}
	return ""
}

func comment(rule *netfilter.Rule) string {
	if c := rule.Comment(); c != "" {
		return fmt.Sprintf(" (%q)", c)
	}
	return ""
}

func ruleText(r *simulate.Result, s *simulate.Step) string {
	before := r.Before(s)
	return string(s.Rule.AppendSave(nil, before.Family(), s.Chain))
}

// whoTranslated names the rules that gave the packet other ends.
func whoTranslated(r *simulate.Result) []string {
	var out []string
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Rule == nil || s.Rule.Target == nil || s == r.By || s.Table != "nat" {
			continue
		}
		switch s.Rule.Target.Name() {
		case "DNAT", "REDIRECT", "NETMAP", "SNAT", "MASQUERADE":
			what := "destination"
			if s.Hook == netfilter.Postrouting || s.Hook == netfilter.Input {
				what = "source"
			}
			text := fmt.Sprintf("its %s is from %s %s", what, s.Place(), ruleText(r, s))
			if from := caller(r, i); from != "" {
				text += ", reached from " + from
			}
			out = append(out, text)
		}
	}
	return out
}

// names says what the cluster calls the ends of the packet, as it came and as it
// left.
func names(node *source.Node, p *packets.Packet, r *simulate.Result) []string {
	var out []string
	add := func(a netip.Addr, port uint16, proto uint8) {
		_, local := node.LinkTo(a)
		if name := node.Names.Of(packet.ProtocolName(proto), a, port, local); name != "" {
			text := fmt.Sprintf("%s is %s", netip.AddrPortFrom(a, port), name)
			for _, known := range out {
				if known == text {
					return
				}
			}
			out = append(out, text)
		}
	}
	add(p.Packet.Dst(), p.Packet.DstPort(), p.Packet.Proto())
	if r.Packet.IsValid() {
		add(r.Packet.Dst(), r.Packet.DstPort(), r.Packet.Proto())
		out = append(out, intent(node, p, r)...)
	}
	return out
}

// intent reports whether a service's packet was sent to one of its endpoints.
func intent(node *source.Node, p *packets.Packet, r *simulate.Result) []string {
	dst := p.Packet.Dst()
	_, local := node.LinkTo(dst)
	proto := packet.ProtocolName(p.Packet.Proto())
	service := node.Names.Of(proto, dst, p.Packet.DstPort(), local)
	list, ok := node.Names.Backends(service, proto)
	if !strings.HasPrefix(service, "service ") || !ok {
		return nil
	}
	end := netip.AddrPortFrom(r.Packet.Dst(), r.Packet.DstPort())
	for _, b := range list {
		if b == end {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s has the ready endpoints %s, and %s is none of them", service, joinEnds(list), end)}
}

func joinEnds(list []netip.AddrPort) string {
	var s []string
	for _, e := range list {
		s = append(s, e.String())
	}
	return strings.Join(s, ", ")
}

// first prints the answer in one line, and its cause.
func (a *app) first(ans *answer) {
	code := bold + red
	if ans.Passed {
		code = bold + green
	}
	a.line(0, a.paint(code, ans.Answer))
	for _, b := range append(ans.Because, ans.Names...) {
		a.line(2, a.paint("", b))
	}
}

// path prints the steps, a heading for each hook, and ahead of each the rules
// that missed the packet.
func (a *app) path(indent int, r *simulate.Result, seen *misses) {
	heading, both := "", backends(r)
	for i, l := range r.Explain() {
		if h := strings.TrimSpace(l.Hook + "  " + l.Links); h != heading {
			heading = h
			a.line(indent, a.paint(bold, h))
		}
		for _, m := range seen.before(&r.Steps[i]) {
			a.line(indent+2, a.paint(grey, m))
		}
		a.line(indent+2, a.step(&l, both))
	}
	for i := range r.Answers {
		p := &r.Answers[i]
		a.line(indent, a.paint(bold, "the host answers by "), a.paint("", p.Dev+": "+answerText(p)))
	}
	if r.SendError != "" {
		a.line(indent, a.paint(bold, "the sender is told: "), a.paint("", r.SendError))
	}
	for _, l := range r.Logs() {
		a.line(indent, a.paint(bold, "the kernel logs: "), a.paint("", l))
	}
}

// backends reports whether tables of both backends of iptables are on the path.
func backends(r *simulate.Result) bool {
	has := [2]bool{}
	for i := range r.Steps {
		if _, ok := netfilter.TableInfoFor(r.Steps[i].Table); ok {
			has[r.Steps[i].Backend] = true
		}
	}
	return has == [2]bool{true, true}
}

func (a *app) step(l *simulate.Line, both bool) string {
	s := a.paint("", l.Text)
	if l.Place != "" {
		place := l.Place
		if both {
			place += " (" + l.Backend.String() + ")"
		}
		s = a.paint(cyan, place) + "  " + s
	}
	if l.Change != "" {
		s += "  " + a.paint(yellow, "["+l.Change+"]")
	}
	if l.Decided {
		s += "  " + a.paint(bold, "<- decided")
	}
	return s
}

func (a *app) printNotes(notes []source.Note) {
	for _, n := range notes {
		a.line(0, a.paint(yellow, "note: "), a.paint("", n.String()))
	}
}

// MarshalJSON writes the notes as a list, also if there are none.
func (ans *answer) MarshalJSON() ([]byte, error) {
	type bare answer
	if ans.Notes == nil {
		ans.Notes = []source.Note{}
	}
	return json.Marshal((*bare)(ans))
}
