package gen

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// firstSeed is where seeds begin: 1, or TEST_SEED.
func firstSeed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(1)
	if s := os.Getenv("TEST_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 0, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("seeds from %d on", seed)
	return seed
}

func openNode(t *testing.T) *kernel.Node {
	t.Helper()
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	n, err := kernel.Open(Env())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

func TestRulesetsLoad(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	r, err := kernel.OpenRestorer()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	seed := firstSeed(t)
	for _, family := range []int{4, 6} {
		for i := range uint64(200) {
			text := NewRand(seed+i, family).Ruleset(Config{Family: family})
			a, err := r.RestoreAndSave(kernel.Restore{Family: family, Text: text})
			if err != nil {
				t.Fatal(err)
			}
			if a.Code != 0 || a.Stderr != "" && !strings.HasPrefix(a.Stderr, "Warning: never matched protocol: ah.") {
				t.Errorf("family %d seed %d: status %d: %s\n%s", family, seed+i, a.Code, a.Stderr, complaint(text, a.Stderr))
			}
		}
	}
}

// complaint returns the line of the ruleset that the tool names.
func complaint(rules, stderr string) string {
	for _, mark := range []string{"line: ", "line "} {
		if _, rest, ok := strings.Cut(stderr, mark); ok {
			n, _ := strconv.Atoi(strings.FieldsFunc(rest, func(c rune) bool { return c < '0' || c > '9' })[0])
			if lines := strings.Split(rules, "\n"); n > 0 && n <= len(lines) && lines[n-1] != "COMMIT" {
				return lines[n-1]
			}
		}
	}
	return rules
}

// kinds are all makers of cases.
func kinds() map[string]func(uint64, Config) *Case {
	return map[string]func(uint64, Config) *Case{"random": Random, "flow": Flow, "kube": Kube, "lb": LoadBalanced}
}

// run asks the kernel about all packets of a case.
func run(t *testing.T, n *kernel.Node, c *Case) []kernel.Answer {
	t.Helper()
	if err := n.Load(c.Rules4, c.Rules6, c.Sets); err != nil {
		t.Errorf("%s: %v", c.Name, err)
		return nil
	}
	left := map[int][]kernel.Out{}
	var answers []kernel.Answer
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		a, err := n.Send(p.Packet)
		if err != nil {
			t.Fatalf("%s: step %d, %s: %v", c.Name, p.Step, p.Note, err)
		}
		left[p.Step] = append(left[p.Step], a.Out...)
		answers = append(answers, a)
	}
	return answers
}

// TestCasesReachTheRules counts what the kernel says to whole cases: a
// generator whose packets die early proves little.
func TestCasesReachTheRules(t *testing.T) {
	n := openNode(t)
	seed := firstSeed(t)
	for name, kind := range kinds() {
		for _, family := range []int{4, 6} {
			packets, lines, outs, silent := 0, 0, 0, 0
			for i := range uint64(10) {
				for _, a := range run(t, n, kind(seed+i, Config{Family: family})) {
					packets++
					lines += len(a.Trace)
					outs += len(a.Out)
					if len(a.Trace) == 0 {
						silent++
					}
				}
			}
			t.Logf("%s, family %d: %d packets, %d of them without a line, %d lines, %d left", name, family, packets, silent, lines, outs)
			if packets < 150 || lines < 5*packets || silent > packets/5 || outs < packets/4 {
				t.Errorf("%s, family %d: the packets see too little", name, family)
			}
		}
	}
}

// TestSameSeedSameAnswers is the promise that the kernel has no dice to throw.
func TestSameSeedSameAnswers(t *testing.T) {
	n := openNode(t)
	seed := firstSeed(t)
	for name, kind := range kinds() {
		for _, family := range []int{4, 6} {
			for i := range uint64(5) {
				cfg := Config{Family: family}
				c := kind(seed+i, cfg)
				if c.Random {
					continue
				}
				one, two := run(t, n, c), run(t, n, kind(seed+i, cfg))
				if len(one) != len(two) {
					t.Errorf("%s family %d seed %d: %d and %d packets", name, family, seed+i, len(one), len(two))
					continue
				}
				for j := range one {
					if a, b := strings.Join(one[j].Trace, "\n"), strings.Join(two[j].Trace, "\n"); a != b {
						t.Errorf("%s family %d seed %d packet %d:\n%s\n--- and then\n%s", name, family, seed+i, j, a, b)
					}
				}
			}
		}
	}
}
