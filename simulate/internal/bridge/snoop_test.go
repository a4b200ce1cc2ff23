package bridge_test

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/bridge"
)

// TestMembership tells messages about members of groups apart.
func TestMembership(t *testing.T) {
	igmp := func(dst string, body ...byte) *packet.Packet {
		body = append(body, make([]byte, max(0, 8-len(body)))...)
		binary.BigEndian.PutUint16(body[2:], packet.Checksum(body, 0))
		return build(t, "10.0.0.1", dst, 2, body)
	}
	for _, c := range []struct {
		name string
		p    *packet.Packet
		want bridge.Membership
	}{
		{"a datagram", build(t, "10.0.0.1", "239.1.2.3", 17, []byte{0, 9, 0, 9, 0, 8, 0, 0}), bridge.NoMembership},
		{"a report", igmp("239.1.2.3", 0x16, 0, 0, 0, 239, 1, 2, 3), bridge.Report},
		{"a leave", igmp("224.0.0.2", 0x17, 0, 0, 0, 239, 1, 2, 3), bridge.Report},
		{"a general query", igmp("224.0.0.1", 0x11), bridge.Query},
		{"a general query to another group", igmp("224.0.0.5", 0x11), bridge.Malformed},
		{"a query about a group", igmp("239.1.2.3", 0x11, 0, 0, 0, 239, 1, 2, 3), bridge.Query},
		{"another type", igmp("239.1.2.3", 0x99), bridge.NoMembership},
		{"a wrong checksum", build(t, "10.0.0.1", "239.1.2.3", 2, []byte{0x16, 0, 1, 1, 239, 1, 2, 3}), bridge.Malformed},
		{"too short", build(t, "10.0.0.1", "239.1.2.3", 2, []byte{0x16, 0}), bridge.Malformed},
		{"an echo request of IPv6", build(t, "2001:db8::1", "ff05::5", 58, []byte{128, 0, 0, 0, 0, 1, 0, 1}), bridge.NoMembership},
	} {
		assert.Equal(t, c.want, bridge.MembershipOf(c.p), c.name)
	}
}

func build(t *testing.T, src, dst string, proto byte, body []byte) *packet.Packet {
	p, err := packet.Spec{Src: netip.MustParseAddr(src), Dst: netip.MustParseAddr(dst), Proto: proto, Payload: body}.Build()
	require.NoError(t, err)
	return &p
}
