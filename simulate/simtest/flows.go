package simtest

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
)

// Flows are first packets of connections and where they should go, in the style
// of the tests of Kubernetes' proxiers.
type Flows []struct {
	Name     string
	Source   string // the host itself sends if this is an address of its own
	Protocol string // "TCP", "udp", …
	Dest     string
	Port     uint16
	// Output is where packets go that are translated: the endpoints that luck
	// allows, separated by commas in any order. It is DROP or REJECT for those
	// that are not let through, and "" or ACCEPT for those that go on to Dest.
	Output string
	Masq   bool // whether any of them is masqueraded
}

// flowSourcePort is the source port of the packets of Flows.
const flowSourcePort = 54321

// Run runs each flow as a subtest of its own, with no connection known before.
// Packets arrive by the link that leads to their source.
func (fs Flows) Run(t *testing.T, n *simulate.Node) {
	t.Helper()
	for _, f := range fs {
		t.Run(f.Name, func(t *testing.T) {
			t.Helper()
			dev, p, err := flowPacket(n, f.Source, f.Protocol, f.Dest, f.Port)
			if err != nil {
				t.Fatal(err)
			}
			judge(t, n.NewSession(), dev, p, flowWant(p, f.Output, f.Masq))
		})
	}
}

// flowPacket makes the packet and finds the link it comes by; "" if the host
// sends it.
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
func flowWant(p netfilter.Packet, output string, masq bool) Want {
	want := outputs(strings.Split(output, ","))
	words := "output " + quoted(want)
	if masq {
		words += ", masqueraded"
	}
	return Want{words: words, nat: destinationNAT | sourceNAT, find: func(ws []way) (*way, string) {
		var all []string
		caught := false
		for i := range ws {
			if ws[i].Err != nil {
				return &ws[i], "undecided: " + ws[i].Err.Error()
			}
			all = append(all, outputOf(ws[i].Result, p))
			caught = caught || ws[i].Masqueraded()
		}
		switch got := outputs(all); {
		case got != want:
			return nil, "output " + quoted(got)
		case caught != masq:
			return nil, map[bool]string{true: "masqueraded", false: "not masqueraded"}[caught]
		}
		return nil, ""
	}}
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
