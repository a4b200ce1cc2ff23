package tcp_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

var key = tcp.Key{Local: netip.MustParseAddrPort("192.0.2.2:80"), Remote: netip.MustParseAddrPort("192.0.2.1:5000")}

const (
	syn = packet.SYN
	ack = packet.ACK
	fin = packet.FIN
	rst = packet.RST
)

// TestServer follows a connection that a client opens and closes.
func TestServer(t *testing.T) {
	cs := tcp.Connections{}
	owner := packet.Socket{UID: 7, Wildcard: true}
	r, ok := cs.Listen(key, owner, &tcp.Segment{Flags: syn, Seq: 100})
	assert.True(t, ok)
	assert.Equal(t, tcp.Reply{Flags: syn | ack, Seq: tcp.InitialSeq, Ack: 101, Owner: packet.Socket{UID: 7, NoFile: true}}, r)
	_, request := cs.Owner(key)
	assert.True(t, request)

	r, ok = cs.Receive(key, nil, &tcp.Segment{Flags: syn, Seq: 100})
	assert.True(t, ok)
	assert.Equal(t, syn|ack, r.Flags, "a retransmitted SYN is answered again")
	_, ok = cs.Receive(key, nil, &tcp.Segment{Flags: ack, Seq: 101, Ack: 5})
	assert.False(t, ok, "an ACK of something else is refused")

	r, ok = cs.Receive(key, nil, &tcp.Segment{Flags: ack, Seq: 101, Ack: tcp.InitialSeq + 1})
	assert.True(t, ok)
	assert.Zero(t, r.Flags, "an ACK without data is not answered")
	_, request = cs.Owner(key)
	assert.False(t, request)

	r, _ = cs.Receive(key, nil, &tcp.Segment{Flags: ack, Seq: 101, Ack: tcp.InitialSeq + 1, Length: 10})
	assert.Equal(t, tcp.Reply{Flags: ack, Seq: tcp.InitialSeq + 1, Ack: 111, Owner: packet.Socket{UID: 7}}, r)
	r, _ = cs.Receive(key, nil, &tcp.Segment{Flags: syn, Seq: 9})
	assert.Equal(t, ack, r.Flags, "a SYN is challenged")
	r, _ = cs.Receive(key, nil, &tcp.Segment{Flags: fin | ack, Seq: 111, Ack: tcp.InitialSeq + 1})
	assert.Equal(t, [3]uint32{uint32(fin | ack), tcp.InitialSeq + 1, 112}, [3]uint32{uint32(r.Flags), r.Seq, r.Ack})
	_, ok = cs.Receive(key, nil, &tcp.Segment{Flags: ack, Seq: 112, Ack: tcp.InitialSeq + 2})
	assert.True(t, ok)
	assert.Empty(t, cs, "the connection is closed")
}

// TestClient follows a connection that the host opens.
func TestClient(t *testing.T) {
	cs := tcp.Connections{}
	cs.Open(key, packet.Socket{UID: 7})
	r, ok := cs.Receive(key, nil, &tcp.Segment{Flags: ack, Ack: 1})
	assert.False(t, ok)
	assert.Zero(t, r)
	r, ok = cs.Receive(key, nil, &tcp.Segment{Flags: syn | ack, Seq: 500, Ack: tcp.InitialSeq + 1})
	assert.True(t, ok)
	assert.Equal(t, tcp.Reply{Flags: ack, Seq: tcp.InitialSeq + 1, Ack: 501, Owner: packet.Socket{UID: 7}}, r)
	_, ok = cs.Receive(key, nil, &tcp.Segment{Flags: rst})
	assert.True(t, ok)
	assert.Empty(t, cs)
}

// TestListening holds what a listening socket does with segments other than SYN.
func TestListening(t *testing.T) {
	for flags, accepted := range map[packet.TCPFlags]bool{rst: true, fin: true, packet.PSH: true, ack: false, syn | ack: false} {
		cs := tcp.Connections{}
		r, ok := cs.Listen(key, packet.Socket{}, &tcp.Segment{Flags: flags})
		assert.Equal(t, accepted, ok, flags)
		assert.Zero(t, r.Flags)
		assert.Empty(t, cs)
	}
}

// TestConnectedSocket holds that a connected socket takes the first segment for the
// next one.
func TestConnectedSocket(t *testing.T) {
	cs := tcp.Connections{}
	r, ok := cs.Receive(key, &packet.Socket{UID: 3}, &tcp.Segment{Flags: ack, Seq: 40, Ack: 70, Length: 2})
	assert.True(t, ok)
	assert.Equal(t, tcp.Reply{Flags: ack, Seq: 70, Ack: 42, Owner: packet.Socket{UID: 3}}, r)
}
