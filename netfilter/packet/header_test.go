package packet_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// chain returns an IPv6 packet whose headers behind the fixed one are body.
func chain(t *testing.T, first uint8, body ...byte) []byte {
	t.Helper()
	p, err := packet.Spec{Src: netip.MustParseAddr("2001:db8::1"), Dst: netip.MustParseAddr("2001:db8::2"),
		Proto: first, Payload: body, Literal: true, FragOffset: 0}.Build()
	require.NoError(t, err)
	return p.Wire()
}

func TestExtensionHeaders(t *testing.T) {
	opts8 := func(next byte) []byte { return []byte{next, 0, 1, 4, 0, 0, 0, 0} }
	ah := append([]byte{packet.ProtoESP, 1}, make([]byte, 10)...)
	for _, c := range []struct {
		name string
		wire []byte
		want []packet.ExtensionHeader
	}{
		{"no packet", nil, nil},
		{"no extension header", chain(t, packet.ProtoGRE, 1, 2), []packet.ExtensionHeader{{Proto: packet.ProtoGRE, Offset: 40, NamedAt: 6}}},
		{"options and authentication", chain(t, packet.ProtoHopByHop, append(opts8(packet.ProtoAH), ah...)...), []packet.ExtensionHeader{
			{Proto: packet.ProtoHopByHop, Offset: 40, NamedAt: 6, Len: 8}, {Proto: packet.ProtoAH, Offset: 48, NamedAt: 40, Len: 12},
			{Proto: packet.ProtoESP, Offset: 60, NamedAt: 48}}},
		{"a header without its length", chain(t, packet.ProtoRouting, packet.ProtoTCP), []packet.ExtensionHeader{
			{Proto: packet.ProtoRouting, Offset: 40, NamedAt: 6}}},
		{"a header longer than the packet", chain(t, packet.ProtoDestOpts, packet.ProtoNone, 9), []packet.ExtensionHeader{
			{Proto: packet.ProtoDestOpts, Offset: 40, NamedAt: 6, Len: 80}, {Proto: packet.ProtoNone, Offset: 120, NamedAt: 40}}},
	} {
		var got []packet.ExtensionHeader
		for h := range packet.ExtensionHeaders(c.wire) {
			got = append(got, h)
			assert.LessOrEqual(t, len(h.Bytes(c.wire)), len(c.wire))
		}
		assert.Equal(t, c.want, got, c.name)
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		name string
		b    []byte
		want []packet.Option
	}{
		{"none", nil, nil},
		{"padding", []byte{1, 0, 1}, []packet.Option{{Kind: 1, Len: 1, Bytes: []byte{1}}, {Kind: 0, Offset: 1, Len: 1, Bytes: []byte{0}},
			{Kind: 1, Offset: 2, Len: 1, Bytes: []byte{1}}}},
		{"values", []byte{2, 4, 5, 6, 4, 2}, []packet.Option{{Kind: 2, Len: 4, Bytes: []byte{2, 4, 5, 6}}, {Kind: 4, Offset: 4, Len: 2, Bytes: []byte{4, 2}}}},
		{"length too small", []byte{8, 0, 3, 1, 4, 2}, []packet.Option{{Kind: 8, Len: 0, Bytes: []byte{8}}, {Kind: 0, Offset: 1, Len: 1, Bytes: []byte{0}},
			{Kind: 3, Offset: 2, Len: 1, Bytes: []byte{3}}, {Kind: 1, Offset: 3, Len: 1, Bytes: []byte{1}}, {Kind: 4, Offset: 4, Len: 2, Bytes: []byte{4, 2}}}},
		{"length too large", []byte{8, 10, 3}, []packet.Option{{Kind: 8, Len: 10, Bytes: []byte{8, 10, 3}}}},
		{"no length", []byte{1, 8}, []packet.Option{{Kind: 1, Len: 1, Bytes: []byte{1}}, {Kind: 8, Offset: 1, Bytes: []byte{8}}}},
	} {
		var got []packet.Option
		for o := range packet.Options(c.b) {
			got = append(got, o)
			_ = o.Data()
		}
		assert.Equal(t, c.want, got, c.name)
	}
	assert.True(t, packet.Option{Kind: 2, Len: 2, Bytes: []byte{2, 2}}.Whole())
	assert.False(t, packet.Option{Kind: 2, Len: 1, Bytes: []byte{2}}.Whole())
	assert.False(t, packet.Option{Kind: 2, Len: 3, Bytes: []byte{2, 3}}.Whole())
}

func TestWholeOptions(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		want []uint8
	}{
		{[]byte{1, 1, 8, 3, 0, 4, 2, 0, 3, 3, 7}, []uint8{8, 4}},
		{[]byte{4, 2, 3, 0, 8, 2}, []uint8{4}},
		{[]byte{4, 2, 3, 1, 8, 2}, []uint8{4}},
		{[]byte{4, 2, 3, 9, 8, 2}, []uint8{4}},
		{[]byte{4, 2, 3}, []uint8{4}},
	} {
		var got []uint8
		for o := range packet.WholeOptions(c.b) {
			got = append(got, o.Kind)
		}
		assert.Equal(t, c.want, got, "% x", c.b)
	}
}

func TestOptions6(t *testing.T) {
	var got []packet.Option
	for o := range packet.Options6([]byte{0, 1, 1, 0, 5, 2, 0, 0, 7, 9, 1}) {
		got = append(got, o)
	}
	assert.Equal(t, []packet.Option{{Kind: 0, Len: 1, Bytes: []byte{0}}, {Kind: 1, Offset: 1, Len: 3, Bytes: []byte{1, 1, 0}},
		{Kind: 5, Offset: 4, Len: 4, Bytes: []byte{5, 2, 0, 0}}, {Kind: 7, Offset: 8, Len: 11, Bytes: []byte{7, 9, 1}}}, got)
}

func TestReadTCP(t *testing.T) {
	p, err := packet.Spec{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), SrcPort: 1, DstPort: 2, Seq: 3, Ack: 4,
		Window: 5, TCPOptions: []byte{2, 4, 1, 2}, Payload: []byte("hi")}.Build()
	require.NoError(t, err)
	b := p.Wire()[20:]
	s, ok := packet.ReadTCP(b)
	require.True(t, ok)
	assert.Equal(t, []any{uint16(1), uint16(2), uint32(3), uint32(4), packet.SYN, uint16(5), 24, []byte{2, 4, 1, 2}, "hi"},
		[]any{s.SrcPort(), s.DstPort(), s.Seq(), s.Ack(), s.Flags(), s.Window(), s.HeaderLen(), s.Options(), string(s.Payload())})
	for _, n := range []int{0, 19, 23} {
		_, ok := packet.ReadTCP(b[:n])
		assert.False(t, ok, "%d bytes", n)
	}
	b[12] = 4 << 4
	_, ok = packet.ReadTCP(b)
	assert.False(t, ok, "a data offset of 16 bytes")
}
