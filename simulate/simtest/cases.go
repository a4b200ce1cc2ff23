package simtest

import (
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
	ws := waysOf(s, dev, p)
	if at, instead := w.check(ws); instead != "" {
		tb.Error(failure(s, dev, p, w, ws, at, instead))
	}
}
