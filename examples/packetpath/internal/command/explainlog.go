package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/target"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
)

const explainLogLong = `Explains lines that TRACE and LOG rules wrote to the kernel log, as dmesg, journalctl or
syslog print them: each line gets the text of its rule. The packet is rebuilt from the
first line of its trace, is sent through the rules given, and where these and the log
disagree the first difference is shown. Connections that were known then are not
known here, unless conntrack -L is among the files.`

// logExplainer is the verb explain-log.
type logExplainer struct {
	*app
	question
}

func (a *app) explainLog() *cobra.Command {
	e := &logExplainer{app: a}
	cmd := verb("explain-log FILES… [-]", "What lines of TRACE and LOG say, rule by rule", explainLogLong, func(_ *cobra.Command, args []string) error { return e.run(args) })
	cmd.Annotations = nil
	cmd.Example = `  dmesg | packetpath explain-log node/ -`
	e.flags(cmd.Flags())
	return cmd
}

// logEntry is the JSON form of a line of the log with its explanation.
type logEntry struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Place string `json:"place,omitempty"` // of TRACE lines
	Rule  string `json:"rule,omitempty"`  // the text of the rule
	// RuleFile and RuleLine are where the rule was read.
	RuleFile string `json:"ruleFile,omitempty"`
	RuleLine int    `json:"ruleLine,omitempty"`
	Note     string `json:"note,omitempty"`

	text   string
	packet *packets.Packet
	hidden error // why the packet is not known
}

// traced is a packet with the lines that its trace left, in JSON.
type traced struct {
	Packet     string        `json:"packet"`
	Lines      []*logEntry   `json:"lines"`
	Agrees     bool          `json:"agrees"`
	Difference string        `json:"difference,omitempty"`
	Replay     *answer       `json:"replay,omitempty"`
	Notes      []source.Note `json:"notes"`
}

func (e *logExplainer) run(args []string) error {
	e.files = append(e.files, args...)
	node, err := e.load(&e.question)
	if err != nil {
		return err
	}
	if !e.json {
		e.printNotes(node.Notes)
	}
	var entries []*logEntry
	for _, part := range node.Packets {
		got, err := e.read(node, part)
		if err != nil {
			return err
		}
		entries = append(entries, got...)
	}
	if len(entries) == 0 {
		return errors.New("no line of TRACE or LOG is among the files; give the output of dmesg or journalctl -k, or - for standard input")
	}
	status := statusYes
	for _, group := range grouped(entries) {
		t, err := e.explain(node, group)
		if err != nil {
			return err
		}
		if !t.Agrees {
			status = statusNo
		}
		if e.json {
			if err := e.object(t); err != nil {
				return err
			}
			continue
		}
		e.print(t)
	}
	return e.done(status)
}

// read parses the lines of a text.
func (e *logExplainer) read(node *source.Node, part source.Part) ([]*logEntry, error) {
	var out []*logEntry
	n := 0
	for line := range strings.Lines(part.Text) {
		n++
		p, ok, err := packets.ParseLog(strings.TrimRight(line, "\r\n"))
		if !ok {
			continue
		}
		if err != nil && !errors.Is(err, packets.ErrNotShown) {
			return nil, fmt.Errorf("%s:%d: %w", part.Name, n, err)
		}
		en := &logEntry{File: part.Name, Line: n, Place: p.Log.Place(), packet: p, hidden: err, text: strings.TrimSpace(line)}
		en.find(node)
		out = append(out, en)
	}
	return out, nil
}

// find looks up the rule that a line is of.
func (en *logEntry) find(node *source.Node) {
	l := en.packet.Log
	rulesets := node.Rulesets.Of(l.Family)
	if len(rulesets) == 0 {
		en.Note = fmt.Sprintf("no rules of %s were given", l.Family)
		return
	}
	if l.Table == "" {
		en.findLog(rulesets)
		return
	}
	at := slices.IndexFunc(rulesets, func(rs *netfilter.Ruleset) bool { return rs.Table(l.Table) != nil }) // only iptables-legacy's are in the log of a host with both
	if at < 0 {
		en.Note = "the rules given have no table " + l.Table
		return
	}
	c := rulesets[at].Table(l.Table).Chain(l.Chain)
	switch {
	case c == nil:
		en.Note = fmt.Sprintf("the table %s given has no chain %s", l.Table, l.Chain)
	case l.Number >= 1 && l.Number <= len(c.Rules):
		en.set(c.Rules[l.Number-1], l.Family, l.Chain)
	case l.Kind == "policy":
		en.Rule = "policy " + c.Policy.String()
	case l.Number == len(c.Rules)+1:
		en.Rule = "end of chain " + l.Chain
	default:
		en.Note = fmt.Sprintf("the chain %s given has %s only", l.Chain, count(len(c.Rules), "rule"))
	}
}

func (en *logEntry) set(r *netfilter.Rule, f netfilter.Family, chain string) {
	en.Rule = string(r.AppendSave(nil, f, chain))
	en.RuleFile, en.RuleLine = r.Pos.File, r.Pos.Line
}

// findLog finds the LOG rule by its prefix.
func (en *logEntry) findLog(rulesets []*netfilter.Ruleset) {
	var found []string
	for _, rs := range rulesets {
		for at, r := range rs.Rules() {
			log, ok := r.Target.(*target.Log)
			if !ok || log.Config.Prefix != en.packet.Log.Prefix {
				continue
			}
			found = append(found, fmt.Sprintf("%s:%s:rule:%d", at.Table.Name, at.Chain.Name, at.Number))
			if len(found) == 1 {
				en.set(r, rs.Family, at.Chain.Name)
			}
		}
	}
	switch len(found) {
	case 0:
		en.Note = fmt.Sprintf("no LOG rule of those given has the prefix %q", en.packet.Log.Prefix)
	case 1:
		en.Place = found[0]
	default:
		en.Note = "several LOG rules have this prefix: " + strings.Join(found, ", ")
	}
}

// grouped puts the lines of one packet's trace together; a line of LOG is a group
// of its own.
func grouped(entries []*logEntry) [][]*logEntry {
	var out [][]*logEntry
	for _, en := range entries {
		if n := len(out); n > 0 && follows(out[n-1][len(out[n-1])-1], en) {
			out[n-1] = append(out[n-1], en)
			continue
		}
		out = append(out, []*logEntry{en})
	}
	return out
}

// follows reports whether a line goes on with the packet of the line before it:
// it has the same identity and does not begin with another entry into the host.
func follows(a, b *logEntry) bool {
	if a.packet.Log.Table == "" || b.packet.Log.Table == "" || (a.hidden == nil) != (b.hidden == nil) {
		return false
	}
	if a.hidden != nil {
		return b.packet.Log.Table != "raw" || a.packet.Log.Table == "raw"
	}
	p, q := a.packet.Packet, b.packet.Packet
	if p.Proto() != q.Proto() || p.ID() != q.ID() || p.Len() != q.Len() {
		return false
	}
	begins := b.packet.Log.Table == "raw" && (b.packet.Log.Chain == "PREROUTING" || b.packet.Log.Chain == "OUTPUT") && a.packet.Log.Table != "raw"
	return !begins && (b.packet.Log.In == a.packet.Log.In || b.packet.Log.Out != "" || b.packet.Log.In == "")
}

// explain replays a packet and compares.
func (e *logExplainer) explain(node *source.Node, group []*logEntry) (*traced, error) {
	p := group[0].packet
	if group[0].packet.Log.In == "" {
		p.Dev = ""
	}
	if err := group[0].hidden; err != nil {
		return &traced{Packet: group[0].text, Lines: group, Difference: "the packet is not replayed: " + err.Error(), Notes: node.Notes}, nil
	}
	t := &traced{Packet: p.String(), Lines: group, Notes: slices.Clone(node.Notes)}
	session, err := node.Session()
	if err != nil {
		return nil, err
	}
	r := send(session, p)
	if r.Err != nil {
		return nil, r.Err
	}
	t.Replay = e.answer(node, p, r)
	if l := p.Log; l.In != "" && l.Out != "" || l.Chain == "INPUT" {
		t.Replay.Notes = append(t.Replay.Notes, source.Note{Code: source.NotePacket, File: group[0].File, Line: group[0].Line,
			Text: "the first line is from the midst of the path: what changed the packet before is not known, and it is replayed as the line shows it"})
	}
	t.Notes = append(t.Notes, t.Replay.Notes...)
	t.Difference = difference(group, r)
	t.Agrees = t.Difference == ""
	return t, nil
}

// difference compares the places of the log with those of the replay; the log may
// begin late, behind the TRACE rule.
func difference(group []*logEntry, r *simulate.Result) string {
	if group[0].packet.Log.Table == "" {
		return logDifference(group[0], r)
	}
	var want []string
	for _, l := range r.Trace() {
		place, _, _ := strings.Cut(l, " ")
		want = append(want, place)
	}
	start := slices.Index(want, group[0].Place)
	if start < 0 {
		return fmt.Sprintf("line %d: the log has %s, where the packet never comes with the rules given", group[0].Line, group[0].Place)
	}
	for i, en := range group {
		switch {
		case start+i >= len(want):
			return fmt.Sprintf("line %d: the log goes on with %s, but with the rules given the packet ends at %s (%s)", en.Line, en.Place, want[len(want)-1], r)
		case want[start+i] != en.Place:
			return fmt.Sprintf("line %d: the log has %s, but with the rules given the packet goes to %s", en.Line, en.Place, want[start+i])
		}
	}
	if rest := want[start+len(group):]; len(rest) > 0 {
		return fmt.Sprintf("the log ends at %s, but with the rules given the packet goes on to %s", group[len(group)-1].Place, rest[0])
	}
	return ""
}

// logDifference reports whether a LOG rule would write the line.
func logDifference(en *logEntry, r *simulate.Result) string {
	if slices.ContainsFunc(r.Logs(), func(l string) bool { return strings.HasPrefix(l, en.packet.Log.Prefix) }) {
		return ""
	}
	return fmt.Sprintf("line %d: with the rules given, no LOG rule with this prefix catches the packet (%s)", en.Line, r)
}

func (e *logExplainer) print(t *traced) {
	e.line(0, e.paint(bold, t.Packet))
	for _, en := range t.Lines {
		what := en.Place
		if what == "" {
			what = "LOG"
		}
		e.line(2, e.paint(cyan, what), "  ", e.paint("", en.Rule))
		if en.Note != "" {
			e.line(4, e.paint(yellow, en.Note))
		}
	}
	switch {
	case t.Replay == nil:
		e.line(2, e.paint(yellow, t.Difference))
		return
	case t.Agrees:
		e.line(2, e.paint(green, "the rules given agree: "), e.paint("", t.Replay.Answer))
	default:
		e.line(2, e.paint(red, "the rules given disagree: "), e.paint("", t.Difference))
	}
	e.printNotes(t.Replay.Notes)
}
