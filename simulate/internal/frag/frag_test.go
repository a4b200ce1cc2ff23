package frag_test

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/frag"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// datagram builds a UDP packet of a family with n bytes of payload.
func datagram(t *testing.T, fam netfilter.Family, n int) netfilter.Packet {
	t.Helper()
	src, dst := "192.0.2.1", "192.0.2.2"
	if fam == netfilter.IPv6 {
		src, dst = "2001:db8::1", "2001:db8::2"
	}
	payload := make([]byte, n)
	for i := range payload {
		payload[i] = byte(i)
	}
	p, err := packet.Spec{Src: netip.MustParseAddr(src), Dst: netip.MustParseAddr(dst), Proto: packet.ProtoUDP, SrcPort: 1, DstPort: 2, Payload: payload}.Build()
	require.NoError(t, err)
	return p
}

// add puts a fragment into queues.
func add(q *frag.Queues, now time.Time, p netfilter.Packet) ([]byte, frag.Received, frag.Status) {
	f, ok := frag.Read(&p, netfilter.Prerouting, nil)
	if !ok {
		panic("no fragment")
	}
	return q.Add(now, p.Family(), f)
}

// TestCutAndAssemble cuts packets of random sizes and puts them together again in
// random order.
func TestCutAndAssemble(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewPCG(seed, seed))
	for range 300 {
		fam := netfilter.Family(r.IntN(2))
		mtu := []int{576, 1280}[fam] + r.IntN(300)
		p := datagram(t, fam, mtu+r.IntN(4000))
		var whole frag.Received
		parts := whole.Cut(&p, mtu, false)
		require.Greater(t, len(parts), 1)
		var q frag.Queues
		order := r.Perm(len(parts))
		for i, at := range order {
			require.LessOrEqual(t, parts[at].Len(), mtu)
			w, received, status := add(&q, start, parts[at])
			if i+1 < len(parts) {
				require.Equal(t, frag.Waiting, status)
				continue
			}
			require.Equal(t, frag.Complete, status)
			require.Equal(t, p.Wire(), w, "seed %d", seed)
			again := received.Cut(&p, mtu, false)
			require.Equal(t, parts, again, "it leaves as it came")
		}
	}
}

// TestOptionsOfFragments holds that later fragments lack options without the copy
// bit, unless a process wrote the header.
func TestOptionsOfFragments(t *testing.T) {
	p := datagram(t, netfilter.IPv4, 100)
	w := append(append(append([]byte(nil), p.Wire()[:20]...), 7, 3, 4, 0), p.Wire()[20:]...)
	w[0], w[3] = 0x46, byte(len(w))
	p.SetWire(w)
	var whole frag.Received
	assert.Equal(t, []byte{1, 1, 1, 0}, whole.Cut(&p, 80, false)[1].Wire()[20:24])
	assert.Equal(t, []byte{7, 3, 4, 0}, whole.Cut(&p, 80, true)[1].Wire()[20:24])
}

// TestNoRoom holds that headers which fill a packet make no fragments.
func TestNoRoom(t *testing.T) {
	p := datagram(t, netfilter.IPv6, 2000)
	w := append(append([]byte(nil), p.Wire()[:40]...), make([]byte, 1232)...)
	w[6], w[40], w[41] = packet.ProtoHopByHop, packet.ProtoUDP, 1232/8-1
	p.SetWire(append(w, p.Wire()[40:]...))
	assert.True(t, frag.Cuttable(&p, 1288))
	assert.False(t, frag.Cuttable(&p, 1287))
	var whole frag.Received
	assert.Nil(t, whole.Cut(&p, 1287, false))
	assert.NotNil(t, whole.Cut(&p, 1288, false))
}

// TestTimeout holds that fragments do not wait for ever.
func TestTimeout(t *testing.T) {
	for fam, wait := range []time.Duration{30 * time.Second, 60 * time.Second} {
		p := datagram(t, netfilter.Family(fam), 2000)
		var whole frag.Received
		parts := whole.Cut(&p, 1280, false)
		var q frag.Queues
		add(&q, start, parts[0])
		c := q.Clone()
		_, _, status := add(&c, start.Add(wait-1), parts[1])
		assert.Equal(t, frag.Complete, status)
		_, _, status = add(&q, start.Add(wait), parts[1])
		assert.Equal(t, frag.Waiting, status)
	}
}

// TestContradictions discards fragments that overlap.
func TestContradictions(t *testing.T) {
	p := datagram(t, netfilter.IPv4, 2000)
	var whole frag.Received
	wide, narrow := whole.Cut(&p, 1000, false), whole.Cut(&p, 600, false)
	var q frag.Queues
	add(&q, start, wide[0])
	_, _, status := add(&q, start, wide[0])
	assert.Equal(t, frag.Waiting, status, "a duplicate")
	_, _, status = add(&q, start, narrow[1])
	assert.Equal(t, frag.Refused, status)
	_, _, status = add(&q, start, wide[1])
	assert.Equal(t, frag.Waiting, status, "all of them are gone")
}
