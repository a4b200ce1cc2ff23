package xtables_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// compile compiles the rules of a text.
func compile(t *testing.T, text string, opts ...parser.Option) *xtables.Program {
	t.Helper()
	rs, err := parser.ParseString(text, opts...)
	require.NoError(t, err)
	return xtables.Compile(check(t, rs))
}

func check(t *testing.T, rs *netfilter.Ruleset) *netfilter.Checked {
	t.Helper()
	checked, err := netfilter.NewChecked(rs)
	require.NoError(t, err)
	return checked
}

// filter returns the text of a table filter with the chains USER and OTHER.
func filter(rules ...string) string {
	return "*filter\n:FORWARD DROP [0:0]\n:USER - [0:0]\n:OTHER - [0:0]\n" + strings.Join(rules, "\n") + "\nCOMMIT\n"
}

// recorder records the steps of a walk as words, of which it allows most.
type recorder struct {
	steps  []string
	most   int // 0 for any number
	visits int
}

var kinds = map[xtables.StepKind]string{xtables.Rule: "rule", xtables.Policy: "policy", xtables.Return: "return", xtables.HotDrop: "hotdrop"}

func (r *recorder) Step(s xtables.Step) (int, bool) {
	if r.most > 0 && len(r.steps) == r.most {
		return 0, false
	}
	r.steps = append(r.steps, fmt.Sprintf("%s:%s:%d", s.Chain.Name, kinds[s.Kind], s.Number))
	return len(r.steps) - 1, true
}

func (r *recorder) StepVerdict(n int, v netfilter.Verdict) { r.steps[n] += " " + v.String() }

func (r *recorder) Visit(xtables.Visit) { r.visits++ }

func (r *recorder) Exhausted(_ *xtables.Table, c *xtables.Chain) {
	r.steps = append(r.steps, c.Name+": no work left")
}

// walker returns a walker at the hook FORWARD for a packet from eth0 to eth1.
func walker(t *testing.T, p *xtables.Program, packet string) (*xtables.Walker, *recorder) {
	t.Helper()
	_, pkt, err := parser.ParsePacket(packet)
	require.NoError(t, err)
	states, r := xtables.NewStates(p), &recorder{}
	c := (&enginetest.Engine{}).Context(&pkt)
	c.Hook, c.In, c.Out = netfilter.Forward, "eth0", "eth1"
	return &xtables.Walker{Context: c, Recorder: r, States: &states, Index: xtables.NoIndex}, r
}

const syn = "tcp 192.0.2.9:1000 > 10.1.0.4:80 syn"

// TestWalk goes through chains, without indexes and with an index of every chain.
func TestWalk(t *testing.T) {
	for _, c := range []struct {
		name    string
		rules   []string
		verdict netfilter.Verdict
		steps   string
	}{
		{"an empty chain", nil, netfilter.Drop, "FORWARD:policy:1"},
		{"a rule that does not match", []string{"-A FORWARD -p udp -j ACCEPT"}, netfilter.Drop, "FORWARD:policy:2"},
		{"a rule without target", []string{"-A FORWARD"}, netfilter.Drop, "FORWARD:rule:1, FORWARD:policy:2"},
		{"the first that matches", []string{"-A FORWARD -p udp -j DROP", "-A FORWARD -i eth+ -j ACCEPT", "-A FORWARD -j DROP"},
			netfilter.Accept, "FORWARD:rule:2 ACCEPT"},
		{"RETURN in a built-in chain", []string{"-A FORWARD -j RETURN", "-A FORWARD -j ACCEPT"}, netfilter.Drop, "FORWARD:rule:1 RETURN, FORWARD:policy:3"},
		{"the end of a user chain", []string{"-A FORWARD -j USER", "-A FORWARD -j ACCEPT"}, netfilter.Accept,
			"FORWARD:rule:1, USER:return:1, FORWARD:rule:2 ACCEPT"},
		{"RETURN in a user chain", []string{"-A FORWARD -j USER", "-A USER -j RETURN", "-A USER -j ACCEPT"}, netfilter.Drop,
			"FORWARD:rule:1, USER:rule:1 RETURN, FORWARD:policy:2"},
		{"two jumps", []string{"-A FORWARD -j USER", "-A USER -j OTHER", "-A USER -j ACCEPT"}, netfilter.Accept,
			"FORWARD:rule:1, USER:rule:1, OTHER:return:1, USER:rule:2 ACCEPT"},
		{"goto returns to the caller", []string{"-A FORWARD -j USER", "-A FORWARD -j ACCEPT", "-A USER -g OTHER", "-A USER -j DROP"}, netfilter.Accept,
			"FORWARD:rule:1, USER:rule:1, OTHER:return:1, FORWARD:rule:2 ACCEPT"},
		{"goto from a built-in chain", []string{"-A FORWARD -g USER", "-A FORWARD -j ACCEPT"}, netfilter.Drop, "FORWARD:rule:1, USER:return:1, FORWARD:policy:3"},
		{"a match after one that fails", []string{"-A FORWARD -p tcp -m tcp --dport 81 -m comment --comment x -j ACCEPT"}, netfilter.Drop, "FORWARD:policy:2"},
		{"an extension that continues", []string{"-A FORWARD -j LOG", "-A FORWARD -j ACCEPT"}, netfilter.Accept, "FORWARD:rule:1, FORWARD:rule:2 ACCEPT"},
	} {
		for _, index := range []xtables.IndexPolicy{xtables.NoIndex, {From: 1}} {
			p := compile(t, filter(c.rules...))
			w, r := walker(t, p, syn)
			w.Index = index
			assert.Equal(t, c.verdict, w.Walk(p.Tables[0]), c.name)
			assert.Equal(t, c.steps, strings.Join(r.steps, ", "), c.name)
		}
	}
}

// TestWalkHotDrop drops a packet whose TCP header is truncated in the match that needs it.
func TestWalkHotDrop(t *testing.T) {
	p := compile(t, filter("-A FORWARD -p tcp -m tcp --dport 80", "-A FORWARD -j ACCEPT"))
	w, r := walker(t, p, syn)
	wire := w.Context.Packet.Wire()[:28]
	wire[2], wire[3] = 0, 28
	w.Context.Packet.SetWire(wire)
	assert.Equal(t, netfilter.Drop, w.Walk(p.Tables[0]))
	assert.Equal(t, []string{"FORWARD:hotdrop:1"}, r.steps)
}

// TestWalkSeesChangedPacket evaluates rules after a target with the changed packet.
func TestWalkSeesChangedPacket(t *testing.T) {
	p := compile(t, "*mangle\n-A FORWARD -j MARK --set-mark 7\n-A FORWARD -j TTL --ttl-set 3\n-A FORWARD -m mark --mark 7 -m ttl --ttl-eq 3 -j DROP\nCOMMIT\n")
	w, r := walker(t, p, syn)
	assert.Equal(t, netfilter.Drop, w.Walk(p.Tables[0]))
	assert.Equal(t, []string{"FORWARD:rule:1", "FORWARD:rule:2", "FORWARD:rule:3 DROP"}, r.steps)
}

// TestWalkEnds ends walks that exceed the number of steps, or the work.
func TestWalkEnds(t *testing.T) {
	rules := make([]string, 10)
	for i := range rules {
		rules[i] = "-A FORWARD -p udp"
	}
	rules = append(rules, "-A FORWARD -j USER", "-A FORWARD -j ACCEPT")
	p := compile(t, filter(rules...))

	w, r := walker(t, p, syn)
	r.most = 2
	assert.Equal(t, netfilter.Drop, w.Walk(p.Tables[0]))
	assert.Equal(t, []string{"FORWARD:rule:11", "USER:return:1"}, r.steps)

	for _, index := range []xtables.IndexPolicy{xtables.NoIndex, {From: 1}} {
		for work, want := range map[int64]string{
			5:  "FORWARD: no work left",
			11: "FORWARD:rule:11, USER:return:1, FORWARD: no work left",
			12: "FORWARD:rule:11, USER:return:1, FORWARD:rule:12 ACCEPT",
		} {
			w, r := walker(t, p, syn)
			w.Index, w.Work = index, &work
			w.Walk(p.Tables[0])
			assert.Equal(t, want, strings.Join(r.steps, ", "))
		}
	}
}

// unknown decides for unknown extensions.
type unknown struct{ matches bool }

func (u unknown) Match(*netfilter.Unknown) bool              { return u.matches }
func (u unknown) Apply(*netfilter.Unknown) netfilter.Verdict { return netfilter.Accept }

// TestWalkUnknownExtensions reports an unknown extension to the engine, unless
// Walker.Unknown decides.
func TestWalkUnknownExtensions(t *testing.T) {
	p := compile(t, filter("-A FORWARD -m unheard --of 1 -j UNHEARD --to 2"))
	w, _ := walker(t, p, syn)
	w.Walk(p.Tables[0])
	assert.Len(t, w.Context.Engine.(*enginetest.Engine).Errors, 1)

	for matches, want := range map[bool]string{true: "FORWARD:rule:1 ACCEPT", false: "FORWARD:policy:2"} {
		w, r := walker(t, p, syn)
		w.Unknown = unknown{matches}
		w.Walk(p.Tables[0])
		assert.Equal(t, []string{want}, r.steps)
	}
}
