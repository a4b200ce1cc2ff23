package scenario_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/scenario"
)

const root = "../../../../testdata/scenarios"

// TestKernel holds the scenarios to the live kernel.
func TestKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	ss, err := scenario.Find(root)
	require.NoError(t, err)
	for _, s := range ss {
		t.Run(filepath.Base(s.Dir), func(t *testing.T) {
			env, bare := host(t, s.Dir)
			node, err := kernel.Open(env)
			require.NoError(t, err)
			defer func() { assert.NoError(t, node.Close()) }()
			l := live{T: t, node: node, bare: bare, sets: s.Sets}
			var ways [][]scenario.Way
			for _, c := range s.Cases {
				ways = append(ways, l.run(c))
			}
			if lab.Update() {
				require.NoError(t, s.Update(ways))
			}
		})
	}
}

// live is a node and its tests.
type live struct {
	*testing.T
	node *kernel.Node
	bare []string
	sets string
	id   uint16
}

// draws is how often a packet is sent whose way luck decides.
const draws = 150

// run sends the packet of a case, compares, and returns what it saw.
func (l *live) run(c *scenario.Case) []scenario.Way {
	if c.Fresh {
		text, err := os.ReadFile(c.Rules)
		require.NoError(l, err)
		require.NoError(l, l.node.Load(string(text), "", l.sets))
	}
	if c.Lucky() {
		return l.draw(c)
	}
	got := l.send(c)
	if !lab.Update() {
		assert.Equal(l, c.Ways[0], got, "%s: %s", filepath.Base(c.Rules), c.Name)
	}
	l.plausible(c, got)
	return []scenario.Way{got}
}

// draw sends the packet many times over, each time without connections.
func (l *live) draw(c *scenario.Case) []scenario.Way {
	count := map[string]int{}
	var seen []scenario.Way
	for range draws {
		require.NoError(l, l.node.FlushConntrack())
		w := l.send(c)
		if count[w.Left]++; count[w.Left] == 1 {
			seen = append(seen, w)
		}
	}
	require.NoError(l, l.node.FlushConntrack())
	slices.SortFunc(seen, func(a, b scenario.Way) int { return strings.Compare(a.Left, b.Left) })
	require.Len(l, seen, len(c.Ways), c.Name)
	for i := range seen {
		p := c.Ways[i].Chance
		seen[i].Chance = p
		expected := draws * p
		assert.InDelta(l, expected, count[seen[i].Left], 5*math.Sqrt(expected*(1-p)), "%s: how often %s", c.Name, seen[i].Left)
		l.plausible(c, seen[i])
	}
	if !lab.Update() {
		assert.Equal(l, c.Ways, seen, c.Name)
	}
	return seen
}

// plausible compares with what the kernel's log does not say by itself.
func (l *live) plausible(c *scenario.Case, w scenario.Way) {
	passed := c.Fate == "forwarded" || c.Fate == "sent"
	assert.Equal(l, passed, w.Left != "", "%s: fate %s, left %q", c.Name, c.Fate, w.Left)
	if c.By != "" {
		last := w.Trace[len(w.Trace)-1]
		assert.True(l, strings.HasPrefix(last, c.By+" "), "%s: by %s, but the trace ends in %s", c.Name, c.By, last)
	}
	if c.Said != nil {
		old := scenario.BeforeLinux57(w.Trace)
		require.GreaterOrEqual(l, len(old), len(c.Said))
		assert.Equal(l, c.Said, old[:len(c.Said)], c.Name)
	}
}

// send sends the packet under an identification of its own, and undoes that
// in what comes back.
func (l *live) send(c *scenario.Case) scenario.Way {
	p := c.Sent.Packet.Clone()
	l.id++
	setID(&p, l.id)
	q := kernel.Packet{In: c.Sent.In, Wire: p.Wire()}
	if q.In != "" && c.Sent.SrcMAC != (packet.MAC{}) {
		q.SrcMAC, q.DstMAC = c.Sent.SrcMAC[:], c.Sent.DstMAC[:]
	}
	a, err := l.node.Send(q)
	require.NoError(l, err)
	w := scenario.Way{Chance: 1}
	for _, line := range a.Trace {
		w.Trace = append(w.Trace, l.line(line, c.Sent.ID()))
	}
	for _, o := range a.Out {
		p, err := packet.Decode(o.Wire)
		require.NoError(l, err)
		switch {
		case p.ID() == l.id && p.Proto() == c.Sent.Proto():
			setID(&p, c.Sent.ID())
			w.Left = scenario.Text(p, o.Iface)
		case c.Fate != "delivered":
			// The identification is also in the packet that an error quotes.
			w.Answers = append(w.Answers, l.line(scenario.AnswerText(p, o.Iface), c.Sent.ID()))
		}
	}
	return w
}

// setID changes the identification of an IPv4 packet.
func setID(p *netfilter.Packet, id uint16) {
	w := p.Wire()
	binary.BigEndian.PutUint16(w[4:], id)
	binary.BigEndian.PutUint16(w[10:], 0)
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:p.HeaderLen()], 0))
}

// line returns a line as the host of the scenario would have written it.
func (l *live) line(line string, id uint16) string {
	line = strings.Replace(line, fmt.Sprintf(" ID=%d ", l.id), fmt.Sprintf(" ID=%d ", id), 1)
	line = strings.TrimRight(line, " ")
	for _, dev := range l.bare {
		if !strings.Contains(line, " IN="+dev+" ") {
			continue
		}
		before, rest, _ := strings.Cut(line, " MAC=")
		_, rest, _ = strings.Cut(rest, " ")
		line = before + " MAC= " + rest
	}
	return line
}
