package icmp_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

func TestSpec(t *testing.T) {
	src, dst := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	p, err := icmp.Error{Type: packet.ICMPUnreachable, Code: packet.ICMPFragmentationNeeded, Rest: 1400}.Spec(src, dst, packet.ProtoICMP, 0xc0, []byte{1, 2, 3}).Build()
	require.NoError(t, err)
	assert.Equal(t, uint8(0xc0), p.TOS())
	assert.Equal(t, []byte{3, 4}, p.Wire()[20:22])
	assert.Equal(t, []byte{0, 0, 1400 >> 8, 1400 & 0xff, 1, 2, 3}, p.Wire()[24:])
}

func TestSilent(t *testing.T) {
	for typ, silent := range map[uint8]bool{packet.ICMPEchoReply: false, packet.ICMPUnreachable: true, packet.ICMPSourceQuench: true, packet.ICMPRedirect: true,
		packet.ICMPEchoRequest: false, packet.ICMPTimeExceeded: true, packet.ICMPParameterProblem: true, packet.ICMPTimestamp: false, 18: false, 19: true, 255: true} {
		assert.Equal(t, silent, icmp.Silent(typ), "type %d", typ)
	}
}
