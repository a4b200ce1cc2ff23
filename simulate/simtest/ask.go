package simtest

import (
	"testing"

	"github.com/packetpath/packetpath/simulate"
)

// Ask returns where a packet goes, with no connection known before. It is
// written as for parser.ParsePacket: "eth0: tcp 192.0.2.9:4000 > 192.0.2.7:80"
// arrives by eth0, without a link a local process sends it. Where chance has a
// say, the node draws; Node.With and simulate.WithSeed draw otherwise. The test
// ends if the packet cannot be read.
func Ask(tb testing.TB, n *simulate.Node, text string) *simulate.Result {
	tb.Helper()
	dev, p := packetFrom(tb, text)
	if dev == "" {
		return n.Send(p)
	}
	return n.Receive(dev, p)
}

// Probability returns how likely a packet goes as wanted, from 0 to 1, with no
// connection known before. The want must be about single ways of the packet, not
// about all together as Chance and Evenly are. The test ends if the packet cannot
// be read.
func Probability(tb testing.TB, n *simulate.Node, text string, w Want) float64 {
	tb.Helper()
	dev, p := packetFrom(tb, text)
	if w.find != nil {
		tb.Fatalf("%q is about all ways together and has no probability", w.words)
	}
	return w.share(waysOf(n.NewSession(), dev, p))
}
