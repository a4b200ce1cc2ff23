package simulate_test

import (
	"math"

	"github.com/packetpath/packetpath/simulate"
)

// chiSquare compares counts with probabilities (Pearson's test), summed over
// independent experiments.
type chiSquare struct {
	sum     float64
	freedom int
}

// add takes in an experiment: what can come out, and how often it did.
func (c *chiSquare) add(outcomes []simulate.Outcome[string], counts map[string]int) {
	total := 0
	for _, n := range counts {
		total += n
	}
	for _, o := range outcomes {
		expected := o.Chance() * float64(total)
		d := float64(counts[o.Key]) - expected
		c.sum += d * d / expected
	}
	c.freedom += len(outcomes) - 1
}

// critical returns the sum that chance alone exceeds in one of 30,000
// experiments (Wilson and Hilferty's approximation).
func (c *chiSquare) critical() float64 {
	const deviations = 4
	k := float64(c.freedom)
	root := 1 - 2/(9*k) + deviations*math.Sqrt(2/(9*k))
	return k * root * root * root
}
