package exthdr_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/exthdr"
)

// chain returns a packet with these extension headers of 8 bytes each, and UDP.
func chain(protos ...uint8) []byte {
	w := make([]byte, 40)
	w[0] = 0x60
	name := 6
	for _, p := range protos {
		w[name] = p
		name = len(w)
		h := make([]byte, 8)
		if p == packet.ProtoAH {
			h = make([]byte, 16)
			h[1] = 2
		}
		w = append(w, h...)
	}
	w[name] = packet.ProtoUDP
	return append(w, make([]byte, 8)...)
}

func TestFind(t *testing.T) {
	w := chain(packet.ProtoHopByHop, packet.ProtoAH, packet.ProtoDestOpts)
	h, ok := exthdr.Find(w, nil)
	assert.True(t, ok)
	assert.Equal(t, packet.ExtensionHeader{Proto: packet.ProtoUDP, NamedAt: 64, Offset: 72}, h)
	h, ok = exthdr.Find(w, exthdr.IsAuthentication)
	assert.True(t, ok)
	assert.Equal(t, packet.ExtensionHeader{Proto: packet.ProtoAH, NamedAt: 40, Offset: 48, Len: 16}, h)
	_, ok = exthdr.Find(w[:49], nil)
	assert.False(t, ok)
}

func TestFragment(t *testing.T) {
	w := chain(packet.ProtoHopByHop, packet.ProtoFragment)
	h, ok := exthdr.Fragment(w)
	assert.True(t, ok)
	assert.Equal(t, 48, h.Offset)
	_, ok = exthdr.Fragment(w[:55])
	assert.False(t, ok)
	_, ok = exthdr.Fragment(chain(packet.ProtoDestOpts))
	assert.False(t, ok)
}

// TestAfterRouting holds that destination options count only ahead of a routing
// header.
func TestAfterRouting(t *testing.T) {
	for _, c := range []struct {
		protos []uint8
		want   int
	}{
		{nil, 40},
		{[]uint8{packet.ProtoHopByHop}, 48},
		{[]uint8{packet.ProtoDestOpts}, 48},
		{[]uint8{packet.ProtoDestOpts, packet.ProtoRouting, packet.ProtoDestOpts}, 56},
		{[]uint8{packet.ProtoRouting, packet.ProtoAH}, 48},
	} {
		assert.Equal(t, c.want, exthdr.AfterRouting(chain(c.protos...)).Offset, "%v", c.protos)
	}
}
