package simtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// RunAffinity has the client of each flow open connections one after the other:
// for as long as the timeout it must come back to the endpoint it met, and any of
// Output when the timeout has passed. A timeout of 0 wants no affinity: every
// connection may meet any endpoint. Flows whose Output is one endpoint, or none,
// cannot tell and are skipped. Each flow is a subtest of its own.
func (fs Flows) RunAffinity(t *testing.T, n *simulate.Node, timeout time.Duration) {
	t.Helper()
	for _, f := range fs {
		t.Run(f.Name, func(t *testing.T) {
			t.Helper()
			chances, err := parseOutput(f.Output)
			if err != nil {
				t.Fatal(err)
			}
			if len(chances) < 2 {
				t.Skip("there is one endpoint to come back to")
			}
			dev, p, err := flowPacket(n, f.Source, f.Protocol, f.Dest, f.Port)
			if err != nil {
				t.Fatal(err)
			}
			if err := comeBack(n.NewSession(), dev, p, timeout, len(chances)); err != nil {
				t.Error(err)
			}
		})
	}
}

// comeBack opens connections with other source ports each.
func comeBack(s *simulate.Session, dev string, p netfilter.Packet, timeout time.Duration, all int) error {
	met := meet(s, dev, p, 0)[0]
	check := func(after time.Duration, turn uint16, want []string) error {
		s.Advance(after)
		may := meet(s, dev, p, turn)
		switch {
		case want == nil && len(may) != all:
			return fmt.Errorf("%v after it met %s it may meet %s: %d of %d endpoints", after, met, may, len(may), all)
		case want != nil && !slices.Equal(may, want):
			return fmt.Errorf("%v after it met %s it may meet %s", after, met, may)
		}
		return nil
	}
	if timeout == 0 {
		return check(0, 1, nil)
	}
	for turn, after := range []time.Duration{0, timeout / 2, timeout} {
		if err := check(after, uint16(turn)+1, []string{met}); err != nil {
			return err
		}
	}
	return check(timeout+time.Second, 4, nil)
}

// meet opens a connection and returns the endpoints that it might have met, the
// one that it met first.
func meet(s *simulate.Session, dev string, p netfilter.Packet, turn uint16) []string {
	q := p.Clone()
	q.SetSrcPort(q.SrcPort() + turn)
	var may []string
	for r := range s.Branches(dev, q) {
		if end := outputOf(r, q); !slices.Contains(may, end) {
			may = append(may, end)
		}
	}
	var r *simulate.Result
	if dev == "" {
		r = s.Send(q)
	} else {
		r = s.Receive(dev, q)
	}
	met := outputOf(r, q)
	slices.SortFunc(may, func(a, b string) int {
		if a == met {
			return -1
		}
		return 0
	})
	return may
}
