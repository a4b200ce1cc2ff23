package simtest

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
)

// Flow is the first packet of a connection and where it should go, in the style
// of the tests of Kubernetes' proxiers.
type Flow = struct {
	Name     string
	Source   string // the host itself sends if this is an address of its own
	Protocol string // "TCP", "udp", …
	Dest     string
	Port     uint16
	// Output lists the possible destinations after translation, separated by commas in
	// any order. It is DROP or REJECT for packets that are dropped, and "" or ACCEPT for
	// packets that pass with the destination Dest.
	//
	// An endpoint may be followed by its probability, as a fraction, a number from 0 to 1
	// or a percentage: "10.0.0.1:80 1/3, 10.0.0.2:80 2/3". The prefix "evenly" requires
	// that all are equally likely: "evenly 10.0.0.1:80, 10.0.0.2:80". Probabilities are
	// compared with a tolerance of one in a million.
	Output string
	Masq   bool // whether any of them is masqueraded
}

// Flows are first packets of connections and where they should go.
type Flows []Flow

// flowSourcePort is the source port of the packets of Flows.
const flowSourcePort = 54321

// Run runs each flow as a subtest in a new session. Packets are received on the link of
// the route to their source.
func (fs Flows) Run(t *testing.T, n *simulate.Node) {
	t.Helper()
	for _, f := range fs {
		t.Run(f.Name, func(t *testing.T) {
			t.Helper()
			CheckFlow(t, n, f)
		})
	}
}

// CheckFlow reports an error of the test unless the flow goes where it should,
// in a new session. The test ends if the flow does not describe a packet.
func CheckFlow(tb testing.TB, n *simulate.Node, f Flow) {
	tb.Helper()
	dev, p, err := flowPacket(n, f.Source, f.Protocol, f.Dest, f.Port)
	if err != nil {
		tb.Fatalf("flow %s: %v", f.Name, err)
	}
	want, err := flowWant(p, f.Output, f.Masq)
	if err != nil {
		tb.Fatalf("flow %s: %v", f.Name, err)
	}
	judge(tb, n.NewSession(), dev, p, want)
}

// flowPacket returns the packet and its input link; "" if the host sends it.
func flowPacket(n *simulate.Node, source, protocol, dest string, port uint16) (dev string, p netfilter.Packet, err error) {
	spec := packet.Spec{SrcPort: flowSourcePort, DstPort: port}
	var ok bool
	if spec.Proto, ok = packet.ProtocolByName(strings.ToLower(protocol)); !ok {
		return "", p, fmt.Errorf("unknown protocol %q", protocol)
	}
	if spec.Src, err = netip.ParseAddr(source); err != nil {
		return "", p, fmt.Errorf("source: %w", err)
	}
	if spec.Dst, err = netip.ParseAddr(dest); err != nil {
		return "", p, fmt.Errorf("destination: %w", err)
	}
	dev, local := n.LinkTo(spec.Src)
	switch {
	case local:
		dev = ""
	case dev == "":
		return "", p, fmt.Errorf("source: the host has no route to %s, so that no link is known by which it comes", spec.Src)
	}
	if spec.Proto == packet.ProtoSCTP {
		spec.Payload = sctpInit()
	}
	p, err = spec.Build()
	return dev, p, err
}

// sctpInit is the chunk that opens an association (RFC 9260, 3.3.2): tag 1, a
// window of 65536 bytes, one stream each way.
func sctpInit() []byte { return []byte{1, 0, 0, 20, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1} }

// flowWant wants the output of a flow.
func flowWant(p netfilter.Packet, text string, masq bool) (Want, error) {
	chances, err := parseOutput(text)
	if err != nil {
		return Want{}, err
	}
	want := outputs(slices.Collect(maps.Keys(chances)))
	words := "output " + quoted(want)
	if masq {
		words += ", masqueraded"
	}
	return Want{words: words, nat: destinationNAT | sourceNAT, find: func(ws []way) (*way, string) {
		var all []string
		got := map[string]float64{}
		caught := false
		for i := range ws {
			if ws[i].Err != nil {
				return &ws[i], "undecided: " + ws[i].Err.Error()
			}
			output := outputOf(ws[i].Result, p)
			all = append(all, output)
			got[output] += ws[i].Chance
			caught = caught || ws[i].Masqueraded()
		}
		switch outputs := outputs(all); {
		case outputs != want:
			return nil, "output " + quoted(outputs)
		case unlikely(chances, got) != "":
			return nil, unlikely(chances, got)
		case caught != masq:
			return nil, map[bool]string{true: "masqueraded", false: "not masqueraded"}[caught]
		}
		return nil, ""
	}}, nil
}

// anyChance means that no probability is required of an output.
const anyChance = -1

// parseOutput reads the outputs of a flow with their probabilities.
func parseOutput(text string) (map[string]float64, error) {
	ends, evenly := strings.CutPrefix(strings.TrimSpace(text), "evenly ")
	chances := map[string]float64{}
	for part := range strings.SplitSeq(ends, ",") {
		end, chance, given := strings.Cut(strings.TrimSpace(part), " ")
		if end == "ACCEPT" {
			end = ""
		}
		chances[end] = anyChance
		if !given {
			continue
		}
		p, err := parseChance(strings.TrimSpace(chance))
		if err != nil {
			return nil, fmt.Errorf("output %q: %w", part, err)
		}
		chances[end] = p
	}
	if evenly {
		for end := range chances {
			chances[end] = 1 / float64(len(chances))
		}
	}
	return chances, nil
}

// parseChance reads "1/3", "0.25" or "25%".
func parseChance(s string) (float64, error) {
	number, percent := strings.CutSuffix(s, "%")
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, fmt.Errorf("bad probability %q: it looks like 1/3, 0.25 or 25%%", s)
	}
	p, _ := r.Float64()
	if percent {
		p /= 100
	}
	if p < 0 || p > 1 {
		return 0, fmt.Errorf("bad probability %q: need one from 0 to 1", s)
	}
	return p, nil
}

// unlikely says which output has not the probability that is wanted; "" if all
// have.
func unlikely(want, got map[string]float64) string {
	for _, end := range slices.Sorted(maps.Keys(want)) {
		if p := want[end]; p != anyChance && math.Abs(got[end]-p) > tolerance {
			return fmt.Sprintf("%q with probability %.6g, not %.6g", end, got[end], p)
		}
	}
	return ""
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

// outputs joins what is different in a list, sorted.
func outputs(list []string) string {
	for i := range list {
		if list[i] = strings.TrimSpace(list[i]); list[i] == "ACCEPT" {
			list[i] = ""
		}
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}

// outputOf says where a packet went, as Flows does.
func outputOf(r *simulate.Result, p netfilter.Packet) string {
	switch end := r.Endpoint(); {
	case r.Fate == simulate.Rejected:
		return "REJECT"
	case r.Fate == simulate.Dropped:
		return "DROP"
	case !r.Fate.Passed():
		return r.Fate.String()
	case end != netip.AddrPortFrom(p.Dst(), p.DstPort()):
		return end.String()
	}
	return ""
}
