package tcp_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/tcp"
)

// segment builds a TCP packet and returns it with its segment.
func segment(t *testing.T, spec packet.Spec) (netfilter.Packet, []byte) {
	t.Helper()
	spec.Src, spec.Dst, spec.Proto = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), packet.ProtoTCP
	p, err := spec.Build()
	require.NoError(t, err)
	return p, p.From(p.Transport())
}

// TestOptions reads back what Append writes.
func TestOptions(t *testing.T) {
	for _, want := range []tcp.Options{
		{},
		{HasMSS: true, MSS: 1460},
		{HasMSS: true, MSS: 536, SACK: true},
		{HasMSS: true, MSS: 1460, HasScale: true, Scale: 7, SACK: true, Timestamp: true, TSVal: 5, TSEcr: 6},
		{Timestamp: true, TSVal: 1 << 31, HasScale: true, Scale: 14},
	} {
		_, b := segment(t, packet.Spec{Flags: packet.SYN, TCPOptions: want.Append(nil)})
		assert.Equal(t, want, tcp.ReadOptions(b))
	}
}

// TestCookieTimestamp carries a client's offer in the timestamp of the answer.
func TestCookieTimestamp(t *testing.T) {
	offer := tcp.Options{HasMSS: true, MSS: 1400, HasScale: true, Scale: 9, SACK: true, ECN: true, Timestamp: true, TSVal: 77}
	proxy := netfilter.SynProxy{SACK: true, Timestamp: true, ECN: true, HasWScale: true, WScale: 3, HasMSS: true, MSS: 1460}
	given := offer.Restrict(proxy, 1<<20)
	assert.Equal(t, tcp.Options{HasMSS: true, MSS: 1460, HasScale: true, Scale: 3, SACK: true, ECN: true, Timestamp: true, TSVal: 1<<20 | 0x39, TSEcr: 77}, given)
	back := tcp.Options{Timestamp: true, TSEcr: given.TSVal}
	back.Reveal()
	assert.Equal(t, tcp.Options{Timestamp: true, TSEcr: given.TSVal, HasScale: true, Scale: 9, SACK: true, ECN: true}, back)

	offer.Timestamp = false
	assert.Equal(t, tcp.Options{HasMSS: true, MSS: 1460}, offer.Restrict(proxy, 1<<20), "without timestamps the segment size alone is agreed on")
}

// TestReset holds the numbers of an RST (RFC 9293, 3.10.7.1).
func TestReset(t *testing.T) {
	for name, c := range map[string]struct {
		asked packet.Spec
		flags packet.TCPFlags
		seq   uint32
		ack   uint32
	}{
		"syn":      {packet.Spec{Flags: packet.SYN, Seq: 9}, packet.RST | packet.ACK, 0, 10},
		"ack":      {packet.Spec{Flags: packet.ACK, Seq: 9, Ack: 5}, packet.RST, 5, 0},
		"data":     {packet.Spec{Seq: 9, Payload: []byte("abc"), Flags: packet.PSH}, packet.RST | packet.ACK, 0, 12},
		"fin data": {packet.Spec{Seq: 9, Payload: []byte("abc"), Flags: packet.FIN}, packet.RST | packet.ACK, 0, 13},
	} {
		c.asked.SrcPort, c.asked.DstPort = 1024, 80
		p, b := segment(t, c.asked)
		rst := tcp.Reset(&p, b)
		assert.Equal(t, c.flags, rst.Flags, name)
		assert.Equal(t, c.seq, rst.Seq, name)
		assert.Equal(t, c.ack, rst.Ack, name)
		assert.Equal(t, [2]uint16{80, 1024}, [2]uint16{rst.SrcPort, rst.DstPort}, name)
	}
}

// TestAcceptOptions echoes a timestamp and cuts off what does not fit.
func TestAcceptOptions(t *testing.T) {
	offered := []byte{packet.TCPOptionMSS, 4, 5, 180, 1, 1, packet.TCPOptionTimestamp, 10, 1, 2, 3, 4, 0, 0, 0, 0}
	assert.Equal(t, []byte{packet.TCPOptionMSS, 4, 5, 180, 1, 1, packet.TCPOptionTimestamp, 10, 1, 2, 3, 4, 1, 2, 3, 4}, tcp.AcceptOptions(offered))
	assert.Equal(t, []byte{0, 0, 0, 0}, offered[12:], "the offer stays")
	assert.Equal(t, []byte{1, 1}, tcp.AcceptOptions([]byte{1, 1, packet.TCPOptionMSS, 9}))
}

// TestCookie holds that a cookie encodes the largest size that the client takes.
func TestCookie(t *testing.T) {
	for mss, want := range map[uint16]uint16{100: 536, 1300: 1300, 1459: 1440, 9000: 1460} {
		p, b := segment(t, packet.Spec{SrcPort: 5, DstPort: 80, Flags: packet.SYN, Seq: 7})
		c := tcp.Cookie(p.Src(), p.Dst(), b, 7, mss)
		got, ok := tcp.CheckCookie(p.Src(), p.Dst(), b, 7, c)
		assert.True(t, ok)
		assert.Equal(t, want, got)
		_, ok = tcp.CheckCookie(p.Src(), p.Dst(), b, 7, c+4)
		assert.False(t, ok)
		_, ok = tcp.CheckCookie(p.Dst(), p.Src(), b, 7, c)
		assert.False(t, ok)
	}
}
