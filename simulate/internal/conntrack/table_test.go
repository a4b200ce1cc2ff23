package conntrack

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

var (
	epoch  = time.Unix(1e9, 0)
	client = netip.MustParseAddr("10.0.0.1")
	server = netip.MustParseAddr("10.0.0.2")
)

// host is a table that packets are forwarded through.
type host struct {
	*Table
	t   testing.TB
	now time.Time
	ct  *netfilter.TrackConfig
}

func newHost(t testing.TB) *host { return &host{Table: New(DefaultConfig()), t: t, now: epoch} }

func (h *host) build(s packet.Spec) netfilter.Packet {
	h.t.Helper()
	p, err := s.Build()
	require.NoError(h.t, err)
	return p
}

// pass forwards a packet and returns its connection and class.
func (h *host) pass(p netfilter.Packet) (*netfilter.Conn, netfilter.CTState) {
	h.t.Helper()
	c, rel, ok := h.In(h.now, netfilter.Prerouting, &p, h.ct)
	require.True(h.t, ok, "dropped at PREROUTING")
	c, ok = h.Confirm(h.now, c, rel)
	require.True(h.t, ok, "dropped at POSTROUTING")
	return c, rel
}

// segment is a TCP segment of the client (0) or the server (1).
func (h *host) segment(from int, f packet.TCPFlags, seq, ack uint32) netfilter.Packet {
	h.t.Helper()
	s := packet.Spec{Src: client, Dst: server, SrcPort: 1000, DstPort: 80, Flags: f, Seq: seq, Ack: ack}
	if from == 1 {
		s.Src, s.Dst, s.SrcPort, s.DstPort = s.Dst, s.Src, s.DstPort, s.SrcPort
	}
	return h.build(s)
}

func (h *host) datagram(from int, payload int) netfilter.Packet {
	h.t.Helper()
	s := packet.Spec{Src: client, Dst: server, Proto: packet.ProtoUDP, SrcPort: 1000, DstPort: 53, Payload: make([]byte, payload)}
	if from == 1 {
		s.Src, s.Dst, s.SrcPort, s.DstPort = s.Dst, s.Src, s.DstPort, s.SrcPort
	}
	return h.build(s)
}

// list returns the table as conntrack -L prints it.
func (h *host) list() []string {
	var out []string
	for c := range h.All() {
		out = append(out, string(AppendLine(nil, c, h.now, 1)))
	}
	return out
}

func TestTCPConversation(t *testing.T) {
	const (
		syn, ack, fin, rst = packet.SYN, packet.ACK, packet.FIN, packet.RST
		tuples             = "src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1000"
		unreplied          = "src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1000"
	)
	h := newHost(t)
	for _, step := range []struct {
		from     int
		flags    packet.TCPFlags
		seq, ack uint32
		rel      netfilter.CTState
		line     string
	}{
		{0, syn, 100, 0, netfilter.CTNew, "tcp      6 120 SYN_SENT " + unreplied + " mark=0 use=1"},
		{0, ack, 101, 1, netfilter.CTInvalid, "tcp      6 120 SYN_SENT " + unreplied + " mark=0 use=1"},
		{1, syn | ack, 500, 101, netfilter.CTEstablishedReply, "tcp      6 60 SYN_RECV " + tuples + " mark=0 use=1"},
		{0, ack, 101, 501, netfilter.CTEstablished, "tcp      6 432000 ESTABLISHED " + tuples + " [ASSURED] mark=0 use=1"},
		{0, ack, 1 << 30, 501, netfilter.CTInvalid, "tcp      6 432000 ESTABLISHED " + tuples + " [ASSURED] mark=0 use=1"},
		{0, fin | ack, 101, 501, netfilter.CTEstablished, "tcp      6 120 FIN_WAIT " + tuples + " [ASSURED] mark=0 use=1"},
		{1, ack, 501, 102, netfilter.CTEstablishedReply, "tcp      6 60 CLOSE_WAIT " + tuples + " [ASSURED] mark=0 use=1"},
		{1, fin | ack, 501, 102, netfilter.CTEstablishedReply, "tcp      6 30 LAST_ACK " + tuples + " [ASSURED] mark=0 use=1"},
		{0, ack, 102, 502, netfilter.CTEstablished, "tcp      6 120 TIME_WAIT " + tuples + " [ASSURED] mark=0 use=1"},
		{0, syn, 9000, 0, netfilter.CTNew, "tcp      6 120 SYN_SENT " + unreplied + " mark=0 use=1"},
		{1, rst | ack, 0, 9001, netfilter.CTEstablishedReply, ""},
	} {
		c, rel := h.pass(h.segment(step.from, step.flags, step.seq, step.ack))
		assert.Equal(t, step.rel, rel, "%v", step)
		assert.Equal(t, rel == netfilter.CTInvalid, c == nil)
		var want []string
		if step.line != "" {
			want = []string{step.line}
		}
		assert.Equal(t, want, h.list(), "%v", step)
	}
}

func TestUnconfirmedLeavesNothing(t *testing.T) {
	h := newHost(t)
	p := h.datagram(0, 1)
	c, rel, ok := h.In(h.now, netfilter.Prerouting, &p, nil)
	assert.True(t, ok)
	assert.Equal(t, netfilter.CTNew, rel)
	assert.Zero(t, c.Status)
	assert.Equal(t, time.Time{}.Add(30*time.Second), c.Expires)
	assert.Zero(t, h.Len())
	_, rel = h.pass(p)
	assert.Equal(t, netfilter.CTNew, rel)
	assert.Equal(t, 1, h.Len())
}

func TestExpiry(t *testing.T) {
	h := newHost(t)
	h.pass(h.datagram(0, 1))
	h.now = h.now.Add(30*time.Second - 1)
	_, rel := h.pass(h.datagram(1, 1))
	assert.Equal(t, netfilter.CTEstablishedReply, rel)
	h.now = h.now.Add(30 * time.Second)
	_, rel = h.pass(h.datagram(1, 1))
	assert.Equal(t, netfilter.CTNew, rel, "the old entry must be gone")
	h.Expire(h.now.Add(30 * time.Second))
	assert.Zero(t, h.Len())
	assert.Zero(t, h.byTuple.n)
}

func TestCloneIsIndependent(t *testing.T) {
	h := newHost(t)
	master, _ := h.pass(h.segment(0, packet.SYN, 100, 0))
	h.Expect(Expectation{Master: master, Proto: packet.ProtoUDP, Dst: server, DstPort: 53})
	clone := &host{Table: h.Clone(), t: t, now: h.now}
	child, rel := clone.pass(clone.datagram(0, 1))
	assert.Equal(t, netfilter.CTRelated, rel)
	assert.NotSame(t, master, child.Master)
	clone.pass(clone.segment(1, packet.SYN|packet.ACK, 500, 101))
	clone.Expire(clone.now.Add(time.Hour * 1000))
	assert.Equal(t, []string{"tcp      6 120 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=80 [UNREPLIED] " +
		"src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1000 mark=0 use=1"}, h.list())
	assert.Len(t, h.Expected(), 1)
}

func TestExpectation(t *testing.T) {
	h := newHost(t)
	master, _ := h.pass(h.segment(0, packet.SYN, 100, 0))
	master.Mark = 7
	h.Expect(Expectation{Master: master, Proto: packet.ProtoUDP, Dst: server, DstPort: 53, Helper: "x"})
	c, rel := h.pass(h.datagram(0, 1))
	assert.Equal(t, netfilter.CTRelated, rel)
	assert.Equal(t, master.Tuples, c.Master.Tuples)
	assert.Equal(t, uint32(7), c.Mark)
	assert.Equal(t, "x", c.Helper)
	_, rel = h.pass(h.datagram(0, 1))
	assert.Equal(t, netfilter.CTRelated, rel, "until it is answered")
	h.pass(h.datagram(1, 1))
	_, rel = h.pass(h.datagram(0, 1))
	assert.Equal(t, netfilter.CTEstablished, rel)
	assert.Empty(t, h.Expected(), "used up")
	h.Expect(Expectation{Master: master, Proto: packet.ProtoUDP, Dst: client, DstPort: 1})
	h.Kill(master)
	assert.Empty(t, h.Expected(), "gone with its master")
}

func TestZonesKeepApart(t *testing.T) {
	for _, c := range []struct {
		name  string
		ct    *netfilter.TrackConfig
		reply netfilter.CTState // of an answer without the template
		clash bool              // of the answer's answers with the first packet
	}{
		{"none", nil, netfilter.CTEstablishedReply, false},
		{"both", &netfilter.TrackConfig{Zone: 5}, netfilter.CTNew, false},
		{"original", &netfilter.TrackConfig{Zone: 5, ZoneDir: 1}, netfilter.CTEstablishedReply, false},
		{"reply", &netfilter.TrackConfig{Zone: 5, ZoneDir: 2}, netfilter.CTNew, true},
		{"mark", &netfilter.TrackConfig{ZoneMark: true}, netfilter.CTNew, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHost(t)
			h.ct = c.ct
			p := h.datagram(0, 1)
			p.Mark = 9
			h.pass(p)
			h.ct = nil
			answer := h.datagram(1, 1)
			conn, rel, _ := h.In(h.now, netfilter.Prerouting, &answer, nil)
			assert.Equal(t, c.reply, rel)
			_, ok := h.Confirm(h.now, conn, rel)
			assert.Equal(t, !c.clash, ok)
		})
	}
}

func TestAdd(t *testing.T) {
	h := newHost(t)
	c := &netfilter.Conn{
		Tuples:  [2]netfilter.Tuple{{Src: client, Dst: server, Proto: packet.ProtoTCP, SrcPort: 1000, DstPort: 80}},
		Status:  netfilter.ConnSeenReply | netfilter.ConnAssured,
		Expires: epoch.Add(time.Hour),
	}
	assert.True(t, h.Add(c))
	assert.False(t, h.Add(&netfilter.Conn{Tuples: c.Tuples}), "taken")
	got, rel := h.pass(h.segment(1, packet.ACK, 12345, 678))
	assert.Equal(t, c.Tuples, got.Tuples)
	assert.Equal(t, netfilter.CTEstablishedReply, rel)
	d, dir := h.Find(c.Tuples[1], Zone{})
	assert.Same(t, got, d)
	assert.Equal(t, netfilter.DirReply, dir)
}

// A clash happens where two packets of new connections are on their way at the
// same time.
func TestClash(t *testing.T) {
	h := newHost(t)
	in := func(p netfilter.Packet) *netfilter.Conn {
		c, rel, ok := h.In(h.now, netfilter.Prerouting, &p, nil)
		require.True(t, ok)
		require.Equal(t, netfilter.CTNew, rel)
		return c
	}
	a, b := in(h.datagram(0, 1)), in(h.datagram(0, 1))
	first, ok := h.Confirm(h.now, a, netfilter.CTNew)
	assert.True(t, ok)
	second, ok := h.Confirm(h.now, b, netfilter.CTNew)
	assert.True(t, ok)
	assert.Same(t, first, second, "merged")
	x, y := in(h.segment(0, packet.SYN, 1, 0)), in(h.segment(0, packet.SYN, 1, 0))
	_, ok = h.Confirm(h.now, x, netfilter.CTNew)
	assert.True(t, ok)
	_, ok = h.Confirm(h.now, y, netfilter.CTNew)
	assert.False(t, ok, "TCP is dropped")
	assert.Equal(t, 2, h.Len())
}

// A translated datagram that lost the original tuple keeps its answers for a
// second.
func TestClashOfTranslated(t *testing.T) {
	h := newHost(t)
	var conns [2]*netfilter.Conn
	for i := range conns {
		p := h.datagram(0, 1)
		conns[i], _, _ = h.In(h.now, netfilter.Prerouting, &p, nil)
		conns[i].Status |= netfilter.ConnSrcNATDone | netfilter.ConnDstNATDone | netfilter.ConnSrcNAT
		conns[i].Tuples[1].DstPort += uint16(i)
	}
	for _, c := range conns {
		got, ok := h.Confirm(h.now, c, netfilter.CTNew)
		assert.True(t, ok)
		assert.Same(t, c, got)
	}
	got, _ := h.Find(conns[0].Tuples[0], Zone{})
	assert.Same(t, conns[0], got)
	got, _ = h.Find(conns[1].Tuples[1], Zone{})
	assert.Same(t, conns[1], got)
	assert.Equal(t, 3, h.Clone().byTuple.n)
	h.Expire(h.now.Add(time.Second))
	assert.Equal(t, 1, h.Len())
}

func TestMax(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Max = 1
	h := &host{Table: New(cfg), t: t, now: epoch}
	h.pass(h.datagram(0, 1))
	p := h.segment(0, packet.SYN, 1, 0)
	_, _, ok := h.In(h.now, netfilter.Prerouting, &p, nil)
	assert.False(t, ok)
	_, _, ok = h.In(h.now.Add(24*time.Hour), netfilter.Prerouting, &p, nil)
	assert.True(t, ok, "what has expired takes no room")
}

func TestPolicy(t *testing.T) {
	cfg := DefaultConfig()
	short := DefaultTimeouts()
	short.UDP = time.Second
	cfg.Policies = map[string]Timeouts{"short": short}
	h := &host{Table: New(cfg), t: t, now: epoch, ct: &netfilter.TrackConfig{Timeout: "short", Helper: "ftp"}}
	c, _ := h.pass(h.datagram(0, 1))
	assert.Equal(t, epoch.Add(time.Second), c.Expires)
	assert.Equal(t, "ftp", c.Helper)
	assert.NotZero(t, c.Status&netfilter.ConnHelper)
}

func TestChecksumCountsOnlyForArrivals(t *testing.T) {
	h := newHost(t)
	p := h.datagram(0, 4)
	p.Wire()[26] ^= 1
	_, rel, _ := h.In(h.now, netfilter.Prerouting, &p, nil)
	assert.Equal(t, netfilter.CTInvalid, rel)
	_, rel, _ = h.In(h.now, netfilter.Output, &p, nil)
	assert.Equal(t, netfilter.CTNew, rel)
}

func TestFragmentsAreNotTracked(t *testing.T) {
	h := newHost(t)
	p := h.datagram(0, 4)
	p.Wire()[6] = 0x20
	_, rel, _ := h.In(h.now, netfilter.Output, &p, nil)
	assert.Equal(t, netfilter.CTInvalid, rel, "sent on purpose")
	p.Wire()[7] = 1
	_, rel, _ = h.In(h.now, netfilter.Prerouting, &p, nil)
	assert.Equal(t, netfilter.CTInvalid, rel, "a later one")
	_, ok := TupleOf(&p)
	assert.False(t, ok)
}

func TestOrderOfAll(t *testing.T) {
	h := newHost(t)
	var want []*netfilter.Conn
	for port := range uint16(20) {
		c, _ := h.pass(h.build(packet.Spec{Src: client, Dst: server, Proto: packet.ProtoUDP, SrcPort: port, DstPort: 1}))
		want = append(want, c)
	}
	for _, i := range []int{19, 7, 0} {
		h.Kill(want[i])
		assert.False(t, h.Kill(want[i]))
		want = slices.Delete(want, i, i+1)
	}
	assert.Equal(t, want, slices.Collect(h.All()))
	for c := range h.All() {
		h.Kill(c)
	}
	assert.Zero(t, h.Len())
}

func TestSet(t *testing.T) {
	cfg := DefaultConfig()
	for _, c := range []struct {
		name, value string
		known, fail bool
	}{
		{"net.netfilter.nf_conntrack_tcp_timeout_close_wait", "3", true, false},
		{"net.netfilter.nf_conntrack_sctp_timeout_shutdown_recd", "4", true, false},
		{"net.netfilter.nf_conntrack_gre_timeout", "-1", true, true},
		{"net.netfilter.nf_conntrack_max", "x", true, true},
		{"net.netfilter.nf_conntrack_nothing", "1", false, false},
		{"net.ipv4.ip_forward", "1", false, false},
	} {
		known, err := cfg.Set(c.name, c.value)
		assert.Equal(t, c.known, known, c.name)
		assert.Equal(t, c.fail, err != nil, c.name)
	}
	assert.Equal(t, 3*time.Second, cfg.Timeouts.TCP[TCPCloseWait])
	assert.Equal(t, 4*time.Second, cfg.Timeouts.SCTP[SCTPShutdownRecd])
}

// TestHostile feeds damaged packets of all kinds; nothing may panic.
func TestHostile(t *testing.T) {
	const seed = 3
	rnd := rand.New(rand.NewPCG(seed, seed))
	t.Logf("seed %d", seed)
	for _, ends := range [][3]netip.Addr{
		{client, server, netip.MustParseAddr("10.0.0.3")},
		{netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2"), netip.MustParseAddr("2001:db8::3")},
	} {
		cfg := DefaultConfig()
		cfg.Checksum = false
		h := &host{Table: New(cfg), t: t, now: epoch}
		talks := []talk{newTCPTalk(rnd, ends), newSCTPTalk(rnd, ends), &mixedTalk{rnd: rnd, ends: ends}}
		for n := range 3000 {
			_, p, _ := talks[n%len(talks)].next()
			w := p.AppendWire(nil)
			head := p.HeaderLen()
			for range rnd.IntN(4) {
				if len(w) > head {
					w[head+rnd.IntN(len(w)-head)] = byte(rnd.Uint32())
				}
			}
			w = w[:max(head, len(w)-rnd.IntN(2)*rnd.IntN(len(w)))]
			if p.Family() == netfilter.IPv6 {
				binary.BigEndian.PutUint16(w[4:], uint16(len(w)-head))
			} else {
				binary.BigEndian.PutUint16(w[2:], uint16(len(w)))
			}
			q, err := packet.Decode(w)
			require.NoError(t, err)
			h.now = h.now.Add(time.Duration(rnd.IntN(1000)) * time.Millisecond)
			c, rel, _ := h.In(h.now, netfilter.Prerouting, &q, nil)
			h.Confirm(h.now, c, rel)
			h.Release()
		}
		h.Expire(h.now.Add(1e6 * time.Hour))
		assert.Zero(t, h.byTuple.n)
		assert.Zero(t, h.bySource.n)
	}
}

func TestLookupDoesNotAllocate(t *testing.T) {
	h := newHost(t)
	h.pass(h.segment(0, packet.SYN, 100, 0))
	h.pass(h.segment(1, packet.SYN|packet.ACK, 500, 101))
	for name, p := range map[string]netfilter.Packet{
		"segment":  h.segment(0, packet.ACK, 101, 501),
		"datagram": h.datagram(0, 3),
	} {
		h.pass(p)
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			c, rel, _ := h.In(h.now, netfilter.Prerouting, &p, nil)
			h.Confirm(h.now, c, rel)
			h.Release()
		}), name)
	}
}

func BenchmarkEstablished(b *testing.B) {
	h := newHost(b)
	h.pass(h.segment(0, packet.SYN, 100, 0))
	h.pass(h.segment(1, packet.SYN|packet.ACK, 500, 101))
	p := h.segment(0, packet.ACK, 101, 501)
	b.ReportAllocs()
	for b.Loop() {
		c, rel, _ := h.In(h.now, netfilter.Prerouting, &p, nil)
		h.Confirm(h.now, c, rel)
		h.Release()
	}
}

func BenchmarkNew(b *testing.B) {
	h := newHost(b)
	p := h.datagram(0, 3)
	b.ReportAllocs()
	for b.Loop() {
		c, rel, _ := h.In(h.now, netfilter.Prerouting, &p, nil)
		c, _ = h.Confirm(h.now, c, rel)
		h.Kill(c)
		h.Release()
	}
}
