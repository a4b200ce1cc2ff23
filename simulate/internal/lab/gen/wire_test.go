package gen

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// samples are packets that the node forwards, one of each protocol that
// connection tracking looks into.
func samples(family int) map[string]datagram {
	src, dst := netip.MustParseAddr("10.1.0.4"), netip.MustParseAddr("203.0.113.9")
	echo, kind := byte(protoICMP), byte(8)
	if family == 6 {
		src, dst = netip.MustParseAddr("2001:db8:10::4"), netip.MustParseAddr("2001:db8:ffff::9")
		echo, kind = protoICMPv6, 128
	}
	bodies := map[byte][]byte{
		protoTCP:     tcpSegment(2000, 80, clientISN, 0, syn, []byte{2, 4, 5, 180, 4, 2}, []byte("odd")),
		protoUDP:     udpDatagram(2000, 53, []byte("a question of 21 byte")),
		protoUDPLite: udpDatagram(2000, 53, []byte("light")),
		protoSCTP:    sctpPacket(2000, 80, 0, clientTag, 0, sctpInit),
		protoDCCP:    dccpPacket(2000, 80, 0, nil),
		echo:         icmpMessage(kind, 0, 1<<16|1, []byte("ping!")),
	}
	all := map[string]datagram{}
	for proto, body := range bodies {
		d := datagram{src: src, dst: dst, ttl: 64, proto: proto, body: body}
		d = d.seal()
		if proto == protoUDPLite {
			d = d.sealAsUDP()
		}
		all[nameOf(proto)] = d
	}
	return all
}

func nameOf(proto byte) string {
	return map[byte]string{
		protoTCP: "tcp", protoUDP: "udp", protoUDPLite: "udplite", protoSCTP: "sctp", protoDCCP: "dccp", protoICMP: "icmp", protoICMPv6: "icmpv6",
	}[proto]
}

const traceNew = "*raw\n-A PREROUTING -j TRACE\nCOMMIT\n*filter\n-A FORWARD -m conntrack --ctstate NEW -j RETURN\nCOMMIT\n"

func rulesFor(family int, text string) (rules4, rules6 string) {
	if family == 6 {
		return "", text
	}
	return text, ""
}

// TestTheKernelLikesThePackets: a wrong checksum would make them INVALID.
func TestTheKernelLikesThePackets(t *testing.T) {
	n := openNode(t)
	for _, family := range []int{4, 6} {
		rules4, rules6 := rulesFor(family, traceNew)
		if err := n.Load(rules4, rules6, ""); err != nil {
			t.Fatal(err)
		}
		id := uint32(100)
		for name, d := range samples(family) {
			for _, cut := range []int{0, 8} {
				id++
				var lines []string
				for _, w := range (fresh{datagram: d, cut: cut}).wires(id) {
					a, err := n.Send(kernel.Packet{In: "cni0", Wire: w})
					if err != nil {
						t.Fatal(err)
					}
					lines = append(lines, a.Trace...)
				}
				if !strings.Contains(strings.Join(lines, "\n"), "filter:FORWARD:rule:1 ") && cut == 0 {
					t.Errorf("family %d, %s cut at %d is not NEW: %q", family, name, cut, lines)
				}
			}
			if err := n.FlushConntrack(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestUndo(t *testing.T) {
	for _, family := range []int{4, 6} {
		for name, d := range samples(family) {
			d.id, d.tos, d.df = 77, 0x28, family == 4
			w := d.wire()
			got, ok := undo(w)
			if !ok || !bytes.Equal(got.wire(), w) {
				t.Errorf("family %d, %s: %x came back as %x", family, name, w, got.wire())
			}
			if _, ok := undo(d.fragment(8, len(d.body), false)); ok {
				t.Errorf("family %d, %s: a fragment was undone", family, name)
			}
		}
	}
	for _, w := range [][]byte{nil, {0x45}, bytes.Repeat([]byte{0x4f}, 20), bytes.Repeat([]byte{0x60}, 39)} {
		if _, ok := undo(w); ok {
			t.Errorf("%x was undone", w)
		}
	}
}
