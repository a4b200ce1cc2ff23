package simulate_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestRulesRemember sends packets over times too long to wait for on a kernel.
// The clock starts anywhere in a jiffy, and so may what is measured.
func TestRulesRemember(t *testing.T) {
	type say struct {
		after time.Duration // since the packet before
		match bool
	}
	const hour, day = time.Hour, 24 * time.Hour
	for _, c := range []struct {
		match string
		says  []say
	}{
		{"-m limit --limit 1/hour --limit-burst 2", []say{{0, true}, {0, true}, {0, false}, {59 * time.Minute, false}, {2 * time.Minute, true}, {0, false}, {9 * hour, true}, {0, true}, {0, false}}},
		{"-m limit --limit 2/day --limit-burst 1", []say{{0, true}, {11 * hour, false}, {hour + time.Minute, true}, {day, true}, {0, false}}},
		{"-m hashlimit --hashlimit-name x --hashlimit-mode srcip --hashlimit-upto 1/hour --hashlimit-burst 2 --hashlimit-htable-expire 9000000",
			[]say{{0, true}, {0, true}, {0, false}, {59 * time.Minute, false}, {2 * time.Minute, true}, {0, false}}},
		{"-m hashlimit --hashlimit-name x --hashlimit-mode srcip --hashlimit-upto 1/day --hashlimit-burst 1 --hashlimit-htable-expire 1000",
			[]say{{0, true}, {0, false}, {3 * time.Second, true}, {0, false}}},
		{"-m hashlimit --hashlimit-name x --hashlimit-mode srcip --hashlimit-above 1000b/s --hashlimit-burst 2000b", []say{{0, false}, {0, false}, {hour, false}}},
		// a mismatch leaves the time of the entry alone, inverted or not
		{"-m recent --name x --rsource ! --update --seconds 3600 -m recent --name x --rsource --set",
			[]say{{0, true}, {30 * time.Minute, false}, {31 * time.Minute, true}, {59 * time.Minute, false}, {61 * time.Minute, true}, {time.Minute, false}}},
		{"-m recent --name x --rsource --set -m recent --name x --rsource --rcheck --seconds 3600 --hitcount 3",
			[]say{{0, false}, {20 * time.Minute, false}, {20 * time.Minute, true}, {59 * time.Minute, false}, {2 * hour, false}}},
		{"-m quota --quota 100", []say{{0, true}, {30 * day, true}, {0, true}, {day, false}, {900 * day, false}}},
	} {
		for phase := range 4 {
			t.Run(fmt.Sprint(c.match, " ", phase, "ms"), func(t *testing.T) {
				s := session(t, router(), "*filter\n-A INPUT "+c.match+" -j DROP\nCOMMIT\n")
				s.Advance(time.Duration(phase) * time.Millisecond)
				for i, y := range c.says {
					s.Advance(y.after)
					r := s.Receive("eth1", packetFrom(t, "udp 10.0.0.9:1 > 10.0.0.1:2 len 4"))
					assert.Equal(t, y.match, r.Fate.String() == "dropped", "packet %d", i+1)
				}
			})
		}
	}
}
