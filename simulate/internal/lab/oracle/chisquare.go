package oracle

import (
	"math"

	"github.com/packetpath/packetpath/simulate"
)

// ChiSquare compares counts with probabilities (Pearson's test), summed over
// independent experiments.
type ChiSquare struct {
	Sum     float64
	Freedom int // degrees
}

// Add takes in an experiment: what can come out, and how often it did.
func (c *ChiSquare) Add(outcomes []simulate.Outcome[string], counts map[string]int) {
	total := 0
	for _, n := range counts {
		total += n
	}
	for _, o := range outcomes {
		expected := o.Chance() * float64(total)
		d := float64(counts[o.Key]) - expected
		c.Sum += d * d / expected
	}
	c.Freedom += len(outcomes) - 1
}

// Critical returns the sum that chance alone exceeds in one of 30,000
// experiments (Wilson and Hilferty's approximation).
func (c *ChiSquare) Critical() float64 {
	const deviations = 4
	k := float64(c.Freedom)
	root := 1 - 2/(9*k) + deviations*math.Sqrt(2/(9*k))
	return k * root * root * root
}
