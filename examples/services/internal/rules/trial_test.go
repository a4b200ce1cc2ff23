package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// families are both.
var families = []netfilter.Family{netfilter.IPv4, netfilter.IPv6}

// trial takes a cluster from change to change: a generator of each family writes
// its texts, they are applied one upon the other, and what the rules do then is
// held against the model.
type trial struct {
	choices
	newGenerator func(netfilter.Family) *Generator

	cluster    *cluster.Cluster
	generators []*Generator
	texts      []string             // that the generators wrote last
	rules      []*netfilter.Ruleset // as the kernel has them by now
	node       *simulate.Node       // with these rules and no memory
	live       *simulate.Session    // on which all updates take place
	frontends  []frontend           // of present and former services
	memory     memory
	calls      uint16   // at the live node
	changes    []string // since the beginning
}

func newTrial(data []byte, newGenerator func(netfilter.Family) *Generator) *trial {
	t := &trial{choices: choices{data}, newGenerator: newGenerator, cluster: emptyCluster(), memory: memory{}}
	for _, f := range families {
		t.generators = append(t.generators, newGenerator(f))
		t.rules = append(t.rules, &netfilter.Ruleset{Family: f})
	}
	return t
}

// Sizes of a trial.
const (
	firstChanges = 24 // before the first text
	moreChanges  = 4  // before each that follows, at most
	maxUpdates   = 8
	trialBytes   = 400 // of choices, about as many as that takes
)

// run makes changes as long as there are choices to make, and returns what the
// rules do wrong.
func (t *trial) run() error {
	for n, round := firstChanges, 0; round == 0 || !t.done() && round < maxUpdates; round++ {
		for range n {
			if said := change(t.cluster, &t.choices); said != "" {
				t.changes = append(t.changes, said)
			}
		}
		if err := t.update(); err != nil {
			return t.explain(err)
		}
		for _, check := range []func() error{t.checkFrontends, t.checkAffinity, t.checkMemory, t.checkChains} {
			if err := check(); err != nil {
				return t.explain(err)
			}
		}
		t.changes = append(t.changes, "--- update ---")
		n = 1 + t.below(moreChanges)
	}
	return nil
}

// explain adds how the trial came to where it is.
func (t *trial) explain(err error) error {
	return fmt.Errorf("%w\nafter these changes:\n  %s", err, strings.Join(t.changes, "\n  "))
}

// update applies the generators' texts to the rules.
func (t *trial) update() error {
	t.texts = nil
	for i, g := range t.generators {
		text, err := g.Update(t.cluster)
		if err != nil {
			return err
		}
		t.texts = append(t.texts, text)
		if t.rules[i], err = parser.ParseString(text, parser.Strict(), parser.DiscardCounters(), parser.Onto(t.rules[i])); err != nil {
			return fmt.Errorf("the text is refused: %w\n%s", err, text)
		}
	}
	var err error
	if t.node, err = simulate.New(testNode(), t.rules[0], t.rules[1]); err != nil {
		return fmt.Errorf("the rules are refused: %w", err)
	}
	if t.live == nil {
		t.live = t.node.NewSession()
	}
	if err := t.live.Reload(t.rules...); err != nil {
		return fmt.Errorf("the rules are refused by a node in operation: %w", err)
	}
	t.visit()
	return nil
}

// FuzzServices lets the fuzzer change clusters until the rules fail them:
//
//	go test -C examples ./services/internal/rules -run '^$' -fuzz FuzzServices -fuzzminimizetime 20x
//
// With -tags plantedbugs and -planted.bug 'affinity never' behind that, the
// generator has a mistake to find.
func FuzzServices(f *testing.F) {
	for seed := range uint64(12) {
		f.Add(drawn(seed, trialBytes))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := newTrial(data, newGenerator(t)).run(); err != nil {
			t.Fatal(err)
		}
	})
}
