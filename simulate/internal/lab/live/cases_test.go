package live_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/cases"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
	"github.com/packetpath/packetpath/simulate/internal/lab/record"
)

// TestDifferences holds the simulator to what the kernel answered where they once
// disagreed (package record). Where there is a kernel to ask, it must answer the
// same again; with -update its answers are written. Without section world a file's
// host is the plain one of those that random cases are played on.
func TestDifferences(t *testing.T) { playFiles(t, "../../../../testdata/differences/*.txtar") }

// TestScenarios does so with questions that people asked about real hosts.
func TestScenarios(t *testing.T) { playFiles(t, "../../../../testdata/scenarios/*/*.txtar") }

func playFiles(t *testing.T, pattern string) {
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	nodes := map[string]*kernel.Node{}
	defer func() {
		for _, n := range nodes {
			assert.NoError(t, n.Close())
		}
	}()
	for _, path := range paths {
		dir, name := filepath.Split(strings.TrimSuffix(path, ".txtar"))
		t.Run(filepath.Base(dir)+"/"+name, func(t *testing.T) {
			file, err := record.Read(path)
			require.NoError(t, err)
			p := newPlayer(t, file)
			if kernel.Available() == nil {
				p.open(t, nodes)
				p.ask(t)
			}
			p.hold(t)
		})
	}
}

// player plays a file on both sides.
type player struct {
	comparison
	file  *record.File
	world func() *bridgeWorld
	bare  []string // links without Ethernet header, which every link of a node has
	sent  int
}

func newPlayer(t *testing.T, file *record.File) *player {
	p := &player{file: file}
	if file.Host != nil {
		p.readHost(t)
		return p
	}
	world := "plain"
	if file.World != "" {
		world = file.World
	}
	i := slices.IndexFunc(liveWorlds, func(w liveWorld) bool { return w.name == world })
	require.GreaterOrEqual(t, i, 0, "no world %q", world)
	p.env, p.world = liveWorlds[i].env(), liveWorlds[i].over
	return p
}

// readHost reads the host of files that ip printed.
func (p *player) readHost(t *testing.T) {
	var err error
	p.host, err = host.ReadFiles(p.file.Host...)
	require.NoError(t, err)
	p.host.Sets, err = parser.ParseSetsString(p.file.Sets)
	require.NoError(t, err)
	p.env, p.bare = oracle.Env(t, p.host)
	p.host.Sysctl = oracle.Host(t, p.env).Sysctl
}

// open opens the node of the kernel that stands for the host, for other files of
// the same world, too.
func (p *player) open(t *testing.T, nodes map[string]*kernel.Node) {
	name := p.file.World
	if p.file.Host != nil {
		name = filepath.Dir(p.file.Path)
	}
	if nodes[name] == nil {
		node, err := kernel.Open(p.env)
		require.NoError(t, err)
		nodes[name] = node
	}
	p.node = nodes[name]
}

// session returns a session of the simulator's on the host.
func (p *player) session(t *testing.T) *simulate.Session {
	if p.file.Host == nil {
		p.stage(t, p.world)
	}
	n, err := oracle.LoadBoth(p.host, [2]string{p.file.Rules, p.file.Rules6}, [2]string{p.file.RulesNFT, p.file.Rules6NFT})
	require.NoError(t, err)
	return n.NewSession()
}

// hold plays the packets on the simulator and compares with the answers of the
// file.
func (p *player) hold(t *testing.T) {
	p.node, p.sent = nil, 0
	s := p.session(t)
	p.each(true, func(c *cases.Case) {
		o, err := record.ParseOutcome(c.Golden)
		require.NoError(t, err)
		r := p.askSimulator(t, s, p.packet(t, c.Text))
		assert.Empty(t, p.differences(o.Ways[0].Answer, r), "%s\n%+v", c.Text, r)
		p.holdFate(t, c.Text, o, r)
	})
	assert.Empty(t, oracle.ConnLineDifferences(p.file.Conns, s))
	p.each(false, func(c *cases.Case) {
		o, err := record.ParseOutcome(c.Golden)
		require.NoError(t, err)
		p.holdWays(t, c.Text, o, p.packet(t, c.Text))
	})
}

// each visits the packets of the sections session, or those of the others.
func (p *player) each(session bool, visit func(*cases.Case)) {
	for _, c := range p.file.Cases {
		if (c.Session != 0) == session {
			visit(c)
		}
	}
}

// holdWays compares the ways that the simulator knows of with those of the file.
func (p *player) holdWays(t *testing.T, text string, o record.Outcome, k kernel.Packet) {
	rs := slices.Collect(p.session(t).Branches(k.In, oracle.PacketOf(t, p.env, k)))
	assert.Len(t, rs, len(o.Ways), text)
	for _, r := range rs {
		p.holdFate(t, text, o, r)
		i := slices.IndexFunc(o.Ways, func(w record.Way) bool { return p.differences(w.Answer, r) == nil })
		if assert.GreaterOrEqual(t, i, 0, "%s: the kernel never answered like this:\n%+v", text, r) {
			assert.InDelta(t, o.Ways[i].Chance, r.Chance, 1e-9, text)
		}
	}
}

// holdFate compares what the kernel does not say.
func (p *player) holdFate(t *testing.T, text string, o record.Outcome, r *simulate.Result) {
	if o.Fate != "" {
		assert.Equal(t, o.Fate, r.Fate.String(), text)
		if o.By != "" {
			assert.Equal(t, o.By, r.By.Place(), text)
		}
	}
	if o.Said == nil {
		return
	}
	old := maskIDs(r.Trace(simulate.BeforeLinux57))
	require.GreaterOrEqual(t, len(old), len(o.Said))
	assert.Equal(t, maskIDs(o.Said), old[:len(o.Said)], "as the document says")
}

// differences compares all that is told of a packet.
func (p *player) differences(a kernel.Answer, r *simulate.Result) []string {
	return append(oracle.Differences(a, r), oracle.AnswerDifferences(a, r)...)
}

// ask plays the packets on the kernel and compares the answers with the
// simulator's. With -update the file takes them over.
func (p *player) ask(t *testing.T) {
	require.NoError(t, p.node.Load(p.file.Rules, p.file.Rules6, p.file.Sets))
	if p.file.RulesNFT+p.file.Rules6NFT != "" {
		require.NoError(t, p.node.LoadNFT(p.file.RulesNFT, p.file.Rules6NFT))
		defer func() { assert.NoError(t, p.node.FlushNFT()) }()
	}
	s := p.session(t)
	p.each(true, func(c *cases.Case) {
		k := p.packet(t, c.Text)
		p.take(t, c, p.send(t, k), p.askSimulator(t, s, k))
	})
	conns, err := p.node.Conntrack()
	require.NoError(t, err)
	assert.Empty(t, oracle.ConnLineDifferences(conns, s))
	p.each(false, func(c *cases.Case) { p.draw(t, c) })
	if !lab.Update() {
		return
	}
	if oracle.ConnLineDifferences(p.file.Conns, s) != nil {
		p.file.Conns = conns
	}
	require.NoError(t, p.file.Write())
}

// take compares the kernel's answer with the simulator's. With -update the file
// takes it over if it was another, apart from what differs each time.
func (p *player) take(t *testing.T, c *cases.Case, got kernel.Answer, r *simulate.Result) {
	assert.Empty(t, p.differences(got, r), "%s\nkernel: %x\n%+v", c.Text, got.Out, r)
	o, err := record.ParseOutcome(c.Golden)
	require.NoError(t, err)
	if !lab.Update() || p.differences(o.Ways[0].Answer, r) == nil {
		return
	}
	o.Ways[0].Answer = got
	c.Golden, err = o.Format()
	require.NoError(t, err)
}

// send sends a packet to the kernel, whose answer is made that of the host which
// its node stands for.
func (p *player) send(t *testing.T, k kernel.Packet) kernel.Answer {
	a, err := p.node.Send(k)
	require.NoError(t, err)
	for _, lines := range [][]string{a.Trace, a.Log, a.OtherTrace, a.OtherLog} {
		leaves := false
		for i := range lines {
			leaves = leaves || strings.Contains(lines[i], ":POSTROUTING:")
			lines[i] = p.withoutHeader(lines[i], leaves)
		}
	}
	return a
}

// withoutHeader takes the Ethernet header out of a line about a link that should
// have none: that the packet came in by or, behind routing, leaves by.
func (p *player) withoutHeader(line string, leaves bool) string {
	for _, dev := range p.bare {
		if !strings.Contains(line, " IN="+dev+" ") && !(leaves && strings.Contains(line, " OUT="+dev+" MAC=")) {
			continue
		}
		before, rest, _ := strings.Cut(line, " MAC=")
		_, rest, _ = strings.Cut(rest, " ")
		line = before + " MAC= " + rest
	}
	return line
}

// draws is how often a packet is sent whose way chance decides.
const draws = 150

// draw sends a packet many times over, each time without connections, and
// compares how often it goes each way.
func (p *player) draw(t *testing.T, c *cases.Case) {
	o, err := record.ParseOutcome(c.Golden)
	require.NoError(t, err)
	rs := slices.Collect(p.session(t).Branches(p.peek(t, c.Text).In, oracle.PacketOf(t, p.env, p.peek(t, c.Text))))
	answers, counts := make([]kernel.Answer, len(rs)), make([]int, len(rs))
	for range draws {
		require.NoError(t, p.node.FlushConntrack())
		a := p.send(t, p.peek(t, c.Text))
		i := slices.IndexFunc(rs, func(r *simulate.Result) bool { return p.differences(a, r) == nil })
		require.GreaterOrEqual(t, i, 0, "%s: the kernel goes a way that the simulator does not know of: %q", c.Text, a.Trace)
		answers[i] = a
		counts[i]++
	}
	require.NoError(t, p.node.FlushConntrack())
	p.sent++
	for i, r := range rs {
		expected := draws * r.Chance
		assert.InDelta(t, expected, counts[i], 5*math.Sqrt(expected*(1-r.Chance)), "%s: how often\n%+v", c.Text, r)
	}
	if !lab.Update() {
		return
	}
	o.Ways = nil
	for i, r := range rs {
		o.Ways = append(o.Ways, record.Way{Chance: r.Chance, Answer: answers[i]})
	}
	c.Golden, err = o.Format()
	require.NoError(t, err)
}

// packet reads the next packet; those without identity get one, by which the log
// knows them.
func (p *player) packet(t *testing.T, text string) kernel.Packet {
	k := p.peek(t, text)
	p.sent++
	return k
}

func (p *player) peek(t *testing.T, text string) kernel.Packet {
	return p.comparison.packet(t, text, p.sent)
}
