package peer_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/peer"
)

func build(t *testing.T, spec packet.Spec) netfilter.Packet {
	t.Helper()
	if !spec.Src.IsValid() {
		spec.Src, spec.Dst = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	}
	p, err := spec.Build()
	require.NoError(t, err)
	return p
}

// TestReply holds what each kind of packet is answered with.
func TestReply(t *testing.T) {
	const syn, ack, fin, rst = packet.SYN, packet.ACK, packet.FIN, packet.RST
	tcp := func(flags packet.TCPFlags, data string) packet.Spec {
		return packet.Spec{Proto: packet.ProtoTCP, SrcPort: 1024, DstPort: 80, Flags: flags, Seq: 5, Ack: 7, Payload: []byte(data)}
	}
	for name, c := range map[string]struct {
		asked packet.Spec
		want  packet.TCPFlags // 0: no answer
		ack   uint32
	}{
		"syn":      {tcp(syn, ""), syn | ack, 6},
		"syn ack":  {tcp(syn|ack, ""), ack, 6},
		"ack":      {tcp(ack, ""), 0, 0},
		"data":     {tcp(ack, "abc"), ack, 8},
		"fin":      {tcp(fin|ack, ""), fin | ack, 6},
		"rst":      {tcp(rst, ""), 0, 0},
		"no flags": {tcp(packet.PSH, "abc"), 0, 0},
	} {
		p := build(t, c.asked)
		r := peer.Reply(&p)
		require.Equal(t, c.want != 0, r.IsValid(), name)
		if r.IsValid() {
			assert.Equal(t, c.want, r.TCPFlags(), name)
			assert.Equal(t, p.Src(), r.Dst(), name)
			assert.Equal(t, p.SrcPort(), r.DstPort(), name)
			h := r.From(r.Transport())
			assert.Equal(t, c.ack, uint32(h[8])<<24|uint32(h[9])<<16|uint32(h[10])<<8|uint32(h[11]), name)
		}
	}
}

// TestReplyData holds that datagrams and echo requests come back as they are.
func TestReplyData(t *testing.T) {
	p := build(t, packet.Spec{Proto: packet.ProtoUDP, SrcPort: 1, DstPort: 2, Payload: []byte("abc")})
	r := peer.Reply(&p)
	assert.Equal(t, "abc", string(r.Wire()[28:]))
	p = build(t, packet.Spec{Proto: packet.ProtoICMP, ICMPType: packet.ICMPEchoRequest, ICMPID: 3, ICMPSeq: 4, Payload: []byte("abc")})
	r = peer.Reply(&p)
	assert.Equal(t, []byte{0, 3, 0, 4, 'a', 'b', 'c'}, r.Wire()[24:])
	p = build(t, packet.Spec{Proto: packet.ProtoGRE})
	r = peer.Reply(&p)
	assert.False(t, r.IsValid())
}

// TestReplyChunks holds that an SCTP association opens chunk by chunk.
func TestReplyChunks(t *testing.T) {
	const tag = 0x01020304
	init := []byte{1, 0, 0, 20, 1, 2, 3, 4, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1}
	p := build(t, packet.Spec{Proto: packet.ProtoSCTP, SrcPort: 1, DstPort: 2, Payload: init})
	var kinds []byte
	for r := peer.Reply(&p); r.IsValid(); r = peer.Reply(&r) {
		h := r.From(r.Transport())
		if len(kinds) == 0 {
			assert.Equal(t, []byte{1, 2, 3, 4}, h[4:8], "the answer to INIT bears the tag it announced, %x", tag)
		}
		kinds = append(kinds, h[12])
	}
	assert.Equal(t, []byte{2, 10, 11}, kinds, "INIT ACK, COOKIE ECHO, COOKIE ACK")
}
