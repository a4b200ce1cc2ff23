package live_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/archive"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
	"github.com/packetpath/packetpath/simulate/internal/lab/record"
)

// TestDifferences holds the simulator to what the kernel answered where they once
// disagreed. Where there is a kernel to ask, it must answer the same again; with
// -update its answers are written.
//
// The files are archives in the form of package casefile. Section world names
// the host, one of those that random cases are played on; without it that is the
// plain one. The packets of section session go through one session in order; the
// indented lines below them are the kernel's answer (package record). Section
// conns is what conntrack -L lists at the end.
func TestDifferences(t *testing.T) {
	paths, err := filepath.Glob("../../../../testdata/differences/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	nodes := map[string]*kernel.Node{}
	defer func() {
		for _, n := range nodes {
			assert.NoError(t, n.Close())
		}
	}()
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			f := readDifference(t, path)
			if kernel.Available() == nil {
				f.ask(t, nodes)
			}
			f.hold(t)
		})
	}
}

// difference is a file of testdata/differences.
type difference struct {
	path    string
	parts   []archive.Section
	world   liveWorld
	rules4  string
	rules6  string
	session []archive.Entry
	conns   string
}

func readDifference(t *testing.T, path string) *difference {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	f := &difference{path: path, parts: archive.Split(string(text))}
	world := "plain"
	for _, s := range f.parts[1:] {
		switch s.Name {
		case "world":
			world = strings.TrimSpace(s.Text)
		case "rules":
			f.rules4 = s.Text
		case "rules6":
			f.rules6 = s.Text
		case "session":
			f.session = archive.Entries(s.Text)
		case "conns":
			f.conns = s.Text
		default:
			t.Fatalf("unknown section %q: there are world, rules, rules6, session and conns", s.Name)
		}
	}
	i := slices.IndexFunc(liveWorlds, func(w liveWorld) bool { return w.name == world })
	require.GreaterOrEqual(t, i, 0, "no world %q", world)
	f.world = liveWorlds[i]
	require.NotEmpty(t, f.session, "no packets")
	return f
}

// hold plays the packets on the simulator and compares with the answers of the
// file.
func (f *difference) hold(t *testing.T) {
	w := comparison{env: f.world.env()}
	w.stage(t, f.world.bridged)
	n, err := oracle.Load(w.host, f.rules4, f.rules6)
	require.NoError(t, err)
	s := n.NewSession()
	for i, e := range f.session {
		if e.Packet == "" {
			continue
		}
		want, err := record.Parse(e.Lines)
		require.NoError(t, err)
		r := w.askSimulator(t, s, w.packet(t, e.Packet, i))
		assert.Empty(t, append(oracle.Differences(want, r), oracle.AnswerDifferences(want, r)...), "%s\n%+v", e.Packet, r)
	}
	assert.Empty(t, oracle.ConnLineDifferences(f.conns, s))
}

// ask plays the packets on the kernel, in the file's world, which it opens for
// other files, too. It compares the answers with those of the file, or writes
// them.
func (f *difference) ask(t *testing.T, nodes map[string]*kernel.Node) {
	node := nodes[f.world.name]
	if node == nil {
		var err error
		node, err = kernel.Open(f.world.env())
		require.NoError(t, err)
		nodes[f.world.name] = node
	}
	w := comparison{env: node.Env(), node: node}
	w.stage(t, f.world.bridged)
	require.NoError(t, node.Load(f.rules4, f.rules6, ""))
	n, err := oracle.Load(w.host, f.rules4, f.rules6)
	require.NoError(t, err)
	s := n.NewSession()
	for i := range f.session {
		if e := &f.session[i]; e.Packet != "" {
			k := w.packet(t, e.Packet, i)
			got, err := node.Send(k)
			require.NoError(t, err)
			f.take(t, e, got, w.askSimulator(t, s, k))
		}
	}
	conns, err := node.Conntrack()
	require.NoError(t, err)
	if lab.Update() && oracle.ConnLineDifferences(f.conns, s) != nil {
		f.conns = conns
	}
	assert.Empty(t, oracle.ConnLineDifferences(conns, s))
	if lab.Update() {
		f.write(t)
	}
}

// take compares the kernel's answer with the simulator's. With -update the file
// takes it over if it was another, apart from what differs each time.
func (f *difference) take(t *testing.T, e *archive.Entry, got kernel.Answer, r *simulate.Result) {
	assert.Empty(t, append(oracle.Differences(got, r), oracle.AnswerDifferences(got, r)...), "%s\nkernel: %x\n%+v", e.Packet, got.Out, r)
	if !lab.Update() {
		return
	}
	old, err := record.Parse(e.Lines)
	if err == nil && e.Lines != "" && oracle.Differences(old, r) == nil && oracle.AnswerDifferences(old, r) == nil {
		return
	}
	e.Lines, err = record.Format(got)
	require.NoError(t, err)
}

func (f *difference) write(t *testing.T) {
	for i := range f.parts {
		switch p := &f.parts[i]; p.Name {
		case "session":
			p.Text = archive.JoinEntries(f.session)
		case "conns":
			p.Text = f.conns
		}
	}
	if f.conns != "" && !slices.ContainsFunc(f.parts, func(s archive.Section) bool { return s.Name == "conns" }) {
		f.parts = append(f.parts, archive.Section{Name: "conns", Text: f.conns})
	}
	require.NoError(t, os.WriteFile(f.path, []byte(archive.Join(f.parts)), 0o644))
}

// packet reads a packet of a file; those without identity get one, by which the
// log knows them.
func (w *comparison) packet(t *testing.T, text string, i int) kernel.Packet {
	dev, p, err := parser.ParsePacket(text)
	require.NoError(t, err)
	k := oracle.KernelPacket(dev, p)
	if oracle.Identity(k.Wire) == 0 {
		oracle.SetIdentity(k.Wire, uint32(40000+i))
	}
	return k
}

// askSimulator puts a packet to the simulator.
func (w *comparison) askSimulator(t *testing.T, s *simulate.Session, k kernel.Packet) *simulate.Result {
	r := oracle.Ask(t, s, w.env, k)
	if w.over != nil {
		require.True(t, w.over.settle(r), "nobody answers there")
	}
	return r
}
