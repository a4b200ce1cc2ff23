package simtest

import (
	"errors"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// Case is a packet and what it should come to. The packet is written as for
// parser.ParsePacket: "cni0: udp 10.244.1.9:5000 > 10.96.0.10:53" arrives by
// cni0, without a link a local process sends it.
type Case = struct {
	Name   string
	Packet string
	Want   Want
}

// Cases are packets and what they should come to.
type Cases []Case

// Run runs each case as a subtest of its own, with no connection known before.
func (cs Cases) Run(t *testing.T, n *simulate.Node) {
	t.Helper()
	for _, c := range cs {
		t.Run(c.Name, func(t *testing.T) {
			t.Helper()
			Check(t, n, c.Packet, c.Want)
		})
	}
}

// Play runs the cases one after the other in a session, which goes on with each
// packet: connections are known from then on. Where chance has a say the session
// draws. Packets of cases that -run filters out go their way, too, for later cases
// depend on them.
func (cs Cases) Play(t *testing.T, s *simulate.Session) {
	t.Helper()
	for _, c := range cs {
		dev, p, err := parser.ParsePacket(c.Packet)
		before := s.Clone()
		t.Run(c.Name, func(t *testing.T) {
			t.Helper()
			if err != nil {
				t.Fatalf("packet:\n%+v", err)
			}
			judge(t, before, dev, p, c.Want)
		})
		switch {
		case err != nil:
		case dev == "":
			s.Send(p)
		default:
			s.Receive(dev, p)
		}
	}
}

// Check reports an error of the test unless the packet, with no connection known
// before, comes to all that is wanted.
func Check(tb testing.TB, n *simulate.Node, text string, wants ...Want) {
	tb.Helper()
	dev, p := packetFrom(tb, text)
	judge(tb, n.NewSession(), dev, p, All(wants...))
}

func judge(tb testing.TB, s *simulate.Session, dev string, p netfilter.Packet, w Want) {
	tb.Helper()
	if err := Judge(s, dev, p, w); err != nil {
		tb.Error(err)
	}
}

// Judge returns an error unless a packet comes to what is wanted in a session as
// it is, which stays as it is. The packet arrives by the link dev, or a local
// process sends it if dev is "". The error shows the path, as failures of tests
// do. Who has the results of Session.Branches for the packet gives them, and they
// are not asked for again.
func Judge(s *simulate.Session, dev string, p netfilter.Packet, w Want, results ...*simulate.Result) error {
	if s == nil {
		return errors.New("there is no session")
	}
	var ws []way
	for _, r := range results {
		if r != nil {
			ws = append(ws, way{r, s})
		}
	}
	if ws == nil {
		ws = waysOf(s, dev, p)
	}
	if at, instead := w.check(ws); instead != "" {
		return errors.New(failure(s, dev, p, w, ws, at, instead))
	}
	return nil
}
