package packet_test

import (
	"net/netip"
	"testing"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// BenchmarkTransport locates the transport header of plain packets and of one
// with three extension headers.
func BenchmarkTransport(b *testing.B) {
	spec := packet.Spec{Src: netip.MustParseAddr("2001:db8::1"), Dst: netip.MustParseAddr("2001:db8::2"), DstPort: 80}
	plain, err := spec.Build()
	if err != nil {
		b.Fatal(err)
	}
	spec.Proto = packet.ProtoHopByHop
	spec.Payload = append([]byte{packet.ProtoDestOpts, 0, 1, 4, 0, 0, 0, 0, packet.ProtoRouting, 0, 1, 4, 0, 0, 0, 0,
		packet.ProtoTCP, 0, 0, 0, 0, 0, 0, 0}, plain.Wire()[40:]...)
	spec.Literal = true
	chain, err := spec.Build()
	if err != nil {
		b.Fatal(err)
	}
	for name, p := range map[string]*packet.Packet{"plain": &plain, "extensions": &chain} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if p.Transport().Proto != packet.ProtoTCP {
					b.Fatal("not TCP")
				}
			}
		})
	}
}
