package checksum_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/checksum"
)

var (
	addrs4 = [2]netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}
	addrs6 = [2]netip.Addr{netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2")}
)

// build builds a packet, with one bit of its last byte flipped if wrong is set.
func build(t *testing.T, addrs [2]netip.Addr, proto uint8, payload int, wrong bool) netfilter.Packet {
	t.Helper()
	spec := packet.Spec{Src: addrs[0], Dst: addrs[1], Proto: proto, SrcPort: 1, DstPort: 2, Payload: make([]byte, payload)}
	if proto == packet.ProtoICMP || proto == packet.ProtoICMPv6 {
		spec.ICMPType = packet.ICMPEchoRequest
	}
	p, err := spec.Build()
	require.NoError(t, err)
	if wrong {
		w := p.Wire()
		w[len(w)-1] ^= 1
	}
	return p
}

// TestOK holds which checksums the host accepts of packets that it has not seen before.
func TestOK(t *testing.T) {
	for _, addrs := range [][2]netip.Addr{addrs4, addrs6} {
		for _, proto := range []uint8{packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite} {
			for _, wrong := range []bool{false, true} {
				var r checksum.Record
				p := build(t, addrs, proto, 9, wrong)
				assert.Equal(t, !wrong, r.OK(&p, p.Transport()), "%v %d", addrs, proto)
			}
		}
	}
}

// TestNoChecksum holds that a checksum of zero is none for UDP over IPv4 only.
func TestNoChecksum(t *testing.T) {
	for _, c := range []struct {
		addrs [2]netip.Addr
		proto uint8
		want  bool
	}{{addrs4, packet.ProtoUDP, true}, {addrs6, packet.ProtoUDP, false}, {addrs4, packet.ProtoUDPLite, false}} {
		var r checksum.Record
		p := build(t, c.addrs, c.proto, 9, false)
		h := p.From(p.Transport())
		h[6], h[7] = 0, 0
		assert.Equal(t, c.want, r.OK(&p, p.Transport()))
		assert.True(t, r.Rejectable(&p, p.Transport()), "REJECT does not verify it")
	}
}

// TestTracked holds that what connection tracking verified remains valid when rules
// change an address, and in IPv6 not when they change the hop limit.
func TestTracked(t *testing.T) {
	var r checksum.Record
	p := build(t, addrs6, packet.ProtoUDP, 100, false)
	r.Track(&p, false)
	p.From(p.Transport())[8] ^= 1
	assert.True(t, r.OK(&p, p.Transport()), "the sum is not computed again")
	assert.False(t, r.Stale(&p, p.Transport()))
	p.Wire()[7]--
	assert.False(t, r.OK(&p, p.Transport()))
	p.From(p.Transport())[8] ^= 1
	assert.True(t, r.OK(&p, p.Transport()))
	assert.True(t, r.Stale(&p, p.Transport()), "long datagrams are held to the old sum")
	short := build(t, addrs6, packet.ProtoUDP, 10, false)
	assert.False(t, r.Stale(&short, short.Transport()))
	r.Forget()
	assert.False(t, r.Stale(&p, p.Transport()))
}

// TestReset holds when REJECT verifies the checksum of a segment again.
func TestReset(t *testing.T) {
	var r checksum.Record
	p := build(t, addrs4, packet.ProtoTCP, 0, false)
	r.Track(&p, false)
	p.From(p.Transport())[15] ^= 1
	assert.True(t, r.Resettable(&p, p.Transport(), netfilter.Input))
	assert.False(t, r.Resettable(&p, p.Transport(), netfilter.Forward), "forwarding clears the record")
	p.TrustChecksum()
	assert.True(t, r.Resettable(&p, p.Transport(), netfilter.Forward))
}

// TestRejectable holds the protocols whose checksum REJECT does not verify.
func TestRejectable(t *testing.T) {
	for proto, want := range map[uint8]bool{packet.ProtoSCTP: true, packet.ProtoGRE: true, packet.ProtoUDPLite: true, packet.ProtoTCP: false, packet.ProtoUDP: false} {
		var r checksum.Record
		p := build(t, addrs4, proto, 9, true)
		assert.Equal(t, want, r.Rejectable(&p, p.Transport()), proto)
	}
}

// TestTranslatable holds that an accepted checksum of an ICMP error is final.
func TestTranslatable(t *testing.T) {
	inner := build(t, addrs6, packet.ProtoUDP, 4, false)
	p, err := packet.Spec{Src: addrs6[0], Dst: addrs6[1], Proto: packet.ProtoICMPv6, ICMPType: packet.ICMPv6TimeExceeded, Payload: inner.Wire()}.Build()
	require.NoError(t, err)
	var r checksum.Record
	assert.True(t, r.Translatable(&p, false))
	p.Wire()[7]--
	assert.True(t, r.Translatable(&p, false))
	w := p.Wire()
	w[len(w)-1] ^= 1
	p.Wire()[7]--
	assert.False(t, r.Translatable(&p, false), "the header changed before the sum was final")
}
