package gen

import "fmt"

// newCase draws what is common to all kinds. rules is called with the hand
// that draws the packets afterwards.
func newCase(kind string, seed uint64, family int, rules func(*Rand) string) (*Case, *Rand) {
	r := NewRand(seed, family)
	c := &Case{Name: fmt.Sprintf("%s-v%d-%d", kind, family, seed), Family: family}
	if family == 6 {
		c.Rules6 = rules(r)
	} else {
		c.Rules4 = rules(r)
	}
	// Other programs may be tracing at the same time: start anywhere.
	c.firstID = r.Uint32N(60000)
	return c, r
}

// Random draws a case of single packets, some of them repeated.
func Random(seed uint64, cfg Config) *Case {
	c, r := newCase("random", seed, cfg.Family, func(r *Rand) string { return r.Ruleset(cfg) })
	for i := range cfg.withDefaults().Packets {
		if i > 0 && r.Maybe(0.2) {
			c.steps = append(c.steps, r.follow(r.IntN(i), next))
			continue
		}
		c.steps = append(c.steps, step{fresh: r.fresh(i)})
	}
	return c
}

// Flow draws a case of conversations: a packet, its answer, more packets both
// ways, and ICMP errors about it.
func Flow(seed uint64, cfg Config) *Case {
	c, r := newCase("flow", seed, cfg.Family, func(r *Rand) string { return r.Ruleset(cfg) })
	r.conversations(c, cfg.withDefaults().Packets, (*Rand).opening)
	return c
}

// conversations plans about n packets, in flows that open draws.
func (r *Rand) conversations(c *Case, n int, open func(r *Rand, seq int) fresh) {
	for len(c.steps) < n {
		start := len(c.steps)
		c.steps = append(c.steps, step{fresh: open(r, start)})
		kinds := []stepKind{answer, next, answer, next}
		for _, k := range kinds {
			of := start
			if k == answer && r.Maybe(0.5) {
				of = len(c.steps) - 1 // what the last packet brought about
			}
			if r.Maybe(0.7) {
				c.steps = append(c.steps, r.follow(of, k))
			}
		}
		if r.Maybe(0.3) {
			c.steps = append(c.steps, r.follow(start, icmpError))
		}
	}
}
