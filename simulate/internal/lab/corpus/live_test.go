package corpus_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

const (
	corpusLoads = 2    // times that each ruleset is loaded
	corpusRules = 1000 // rulesets with more rules are left out
)

// TestLiveCorpus loads rulesets that real hosts use into the kernel this test
// runs on and compares the simulator with it, over packets aimed at the rules.
func TestLiveCorpus(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	seed := lab.Seed()
	t.Logf("seed: -live.seed=%d", seed)
	files := corpusSample(t, seed)
	sum := corpusSum{by: map[string]int{}, ended: map[string]int{}, met: map[string]bool{}}
	for _, f := range files {
		t.Run(f.path, func(t *testing.T) { f.compare(t, seed, &sum) })
	}
	t.Logf("%d rulesets, %d packets that matched %d of %d rules, %d differences by %v; cases that ended early, by reason: %v",
		sum.files, sum.packets, len(sum.met), sum.rules, sum.differences, sum.by, sum.ended)
}

// corpusSum counts what was compared.
type corpusSum struct {
	files, packets, differences int
	by, ended                   map[string]int  // differences by extension; ends by reason
	rules                       int             // of all the rulesets
	met                         map[string]bool // rules that a packet matched, by file and place
}

// meet notes the rules that the lines of a trace name.
func (s *corpusSum) meet(path string, trace []string) {
	for _, line := range trace {
		if place, _, _ := strings.Cut(line, " "); !strings.Contains(place, ":policy:") {
			s.met[path+" "+place] = true
		}
	}
}

// realRuleset is a ruleset of the corpus, as iptables-save printed it.
type realRuleset struct {
	path   string // below the folder of the corpus
	dir    string
	family netfilter.Family
}

// corpusSample chooses rulesets that iptables-legacy loads.
func corpusSample(t *testing.T, seed uint64) []realRuleset {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA does not name a folder of real rulesets")
	}
	dir := filepath.Join(data, "corpus")
	index, err := os.ReadFile(filepath.Join(dir, "INDEX.tsv"))
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(index)), "\n")
	column := func(name string) int { return slices.Index(strings.Split(rows[0], "\t"), name) }
	wanted := regexp.MustCompile(lab.Match())
	var files []realRuleset
	for _, row := range rows[1:] {
		cells := strings.Split(row, "\t")
		f := realRuleset{path: cells[column("file")], dir: dir}
		if cells[column("family")] == "6" {
			f.family = netfilter.IPv6
		}
		rules, err := strconv.Atoi(cells[column("rules")])
		require.NoError(t, err)
		if cells[column("legacy_load")] == "ok" && rules <= corpusRules && wanted.MatchString(f.path) {
			files = append(files, f)
		}
	}
	if most := lab.Cases(8); len(files) > most {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		files = files[:most]
	}
	return files
}

// text returns the ruleset with all packets traced.
func (f *realRuleset) text(t *testing.T) string {
	b, err := os.ReadFile(filepath.Join(f.dir, "_canonical", f.path))
	require.NoError(t, err)
	const trace = "-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\n"
	text := string(b)
	at := strings.Index("\n"+text, "\n*raw\n")
	if at < 0 {
		return "*raw\n" + trace + "COMMIT\n" + text
	}
	first := min(strings.Index(text[at:]+"\n-A", "\n-A"), strings.Index(text[at:], "\nCOMMIT")) + at + 1
	return text[:first] + trace + text[first:]
}

// Dice that the kernel throws, and what stands for them in every other case.
var (
	byChance   = regexp.MustCompile(`--mode random --probability (0\.\d*[1-9]\d*)`)
	randomPort = regexp.MustCompile(` --random(-fully)?\b`)
)

func withoutDice(text string) string {
	text = byChance.ReplaceAllStringFunc(text, func(s string) string {
		p, _ := strconv.ParseFloat(byChance.FindStringSubmatch(s)[1], 64)
		return "--mode nth --every " + strconv.Itoa(max(2, int(min(1/p, 1000)))) + " --packet 0"
	})
	return randomPort.ReplaceAllString(text, "")
}

// compare plays the cases of one ruleset.
func (f *realRuleset) compare(t *testing.T, seed uint64, sum *corpusSum) {
	text := f.text(t)
	rs, err := parser.ParseString(text, parser.Family(f.family))
	if err != nil {
		t.Errorf("the parser refuses what iptables-save printed: %v", err)
		return
	}
	w := newCorpusWorld(t, rs, f, seed)
	node, err := kernel.Open(w.env)
	require.NoError(t, err, "%+v", w.env)
	defer node.Close()
	sum.files++
	sum.rules += len(w.places)
	for i := range corpusLoads {
		if i%2 == 0 {
			f.play(t, w, node, withoutDice(text), seed+uint64(i), sum)
		} else {
			f.play(t, w, node, text, seed+uint64(i), sum)
		}
	}
}

// play plays one case. What depends on the clock may differ because the kernel
// went on counting between the packets, and so may the log, where an answer has
// the identifier of the packet by accident: only what differs three times over
// does.
func (f *realRuleset) play(t *testing.T, w *corpusWorld, node *kernel.Node, text string, seed uint64, sum *corpusSum) {
	var said string
	for range 3 {
		c := &corpusCase{t: t, w: w, node: node, seed: seed, sum: sum}
		if !c.load(text, f.family) {
			return
		}
		c.run(lab.Packets(15))
		if c.difference == "" {
			return
		}
		said = c.difference
	}
	sum.differences++
	t.Errorf("seed %d: %s", seed, said)
}

// corpusCase is a ruleset loaded on both sides.
type corpusCase struct {
	t          *testing.T
	w          *corpusWorld
	node       *kernel.Node
	session    *simulate.Session
	seed       uint64
	sum        *corpusSum
	asked      time.Time // when the last packet was
	id         uint32
	over       bool
	difference string
}

// load reads the ruleset on both sides.
func (c *corpusCase) load(text string, family netfilter.Family) bool {
	texts := [2]string{}
	texts[family] = text
	var refused *kernel.RefusedError
	if err := c.node.Load(texts[0], texts[1], c.w.setText); errors.As(err, &refused) {
		c.sum.ended["kernel refuses: "+refused.Error()]++
		return false
	} else if err != nil {
		c.t.Fatal(err)
	}
	h := oracle.Host(c.t, c.w.env)
	h.Sets, h.Sockets = c.w.sets, []host.Socket{}
	n, err := oracle.Load(h, texts[0], texts[1])
	if err != nil {
		c.t.Errorf("the simulator refuses what the kernel takes: %v", err)
		return false
	}
	c.asked = time.Now()
	c.session = n.NewSession(simulate.WithStart(c.asked))
	return true
}

// run asks about packets until one differs or is not certain.
func (c *corpusCase) run(n int) {
	a := &corpusAim{corpusWorld: c.w, Rand: rand.New(rand.NewPCG(c.seed, 1))}
	c.id = a.Uint32N(60000)
	for i := 0; i < n && !c.over; i++ {
		a.flow = i
		p, note := a.packet()
		r := c.ask(p, note)
		for j := 0; j < 3 && r != nil; j++ {
			next, ok := a.followUp(p, r)
			if !ok {
				break
			}
			p = next
			r = c.ask(next, note+", continued")
		}
	}
}

// ask puts a packet to both sides; nil where the case is over.
func (c *corpusCase) ask(p kernel.Packet, note string) *simulate.Result {
	if c.over {
		return nil
	}
	c.id = c.id%60000 + 1
	oracle.SetIdentity(p.Wire, c.id)
	want, err := c.node.Send(p)
	if errors.Is(err, kernel.ErrLost) {
		c.end("kernel log overran")
		return nil
	}
	require.NoError(c.t, err)
	now := time.Now()
	c.session.Advance(now.Sub(c.asked))
	c.asked = now
	r := oracle.Ask(c.t, c.session, c.w.env, p)
	switch d := oracle.Differences(want, r); {
	case r.Err != nil:
		c.end(reasonOf(r.Err))
	case r.Chance < 1 || r.RandomPort:
		c.end("chance")
	case d != nil:
		c.differs(p, note, want, r, d)
	default:
		c.sum.packets++
		c.sum.meet(c.w.path, want.Trace)
		return r
	}
	return nil
}

func (c *corpusCase) end(reason string) {
	c.over = true
	c.sum.ended[reason]++
}

// reasonOf names the extension that left a packet undecided.
func reasonOf(err error) string {
	var unknown *netfilter.UnknownError
	if errors.As(err, &unknown) {
		return "unknown extension " + unknown.Extension
	}
	return err.Error()
}
