package simulate_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// tracking is a ruleset for which the host tracks connections.
const tracking = "*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n"

// requireLimit holds that an error is that of a limit.
func requireLimit(t *testing.T, err error, limit string, most int64, says string) {
	t.Helper()
	var e *simulate.LimitError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, limit, e.Limit)
	assert.Equal(t, most, e.Max)
	assert.ErrorContains(t, err, says)
}

// TestBoundOfConnections holds that a session takes no more connections than Limits.Conns
// from packets and from texts, and that those that have expired do not count.
func TestBoundOfConnections(t *testing.T) {
	n, err := simulate.New(host.Host{}, rules(t, tracking))
	require.NoError(t, err)
	s := n.NewSession(simulate.WithLimits(simulate.Limits{Conns: 2}))
	send := func(text string) *simulate.Result { return s.Receive("eth0", packetFrom(t, text)) }
	require.NoError(t, send("udp 192.0.2.1:1 > 192.0.2.2:2").Err)
	require.NoError(t, send("udp 192.0.2.1:2 > 192.0.2.2:2").Err)
	r := send("udp 192.0.2.1:3 > 192.0.2.2:2")
	requireLimit(t, r.Err, "Conns", 2, "the session would hold more than 2 connections: Limits.Conns allows more")
	assert.Equal(t, simulate.Undecided, r.Fate)
	require.NoError(t, send("udp 192.0.2.1:2 > 192.0.2.2:2").Err, "a packet of a connection that is there")
	s.Advance(time.Hour)
	require.NoError(t, send("udp 192.0.2.1:3 > 192.0.2.2:2").Err)

	const line = "udp 17 29 src=192.0.2.1 dst=192.0.2.2 sport=9 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=9 mark=0 use=1\n"
	requireLimit(t, s.LoadConns("conns", strings.NewReader(line+strings.ReplaceAll(line, "=9", "=10"))), "Conns", 2, "conns:2: ")
}

// TestBoundOfFragments holds that no more fragments than Limits.Fragments wait, and
// that those whose time is over do not count.
func TestBoundOfFragments(t *testing.T) {
	n, err := simulate.New(host.Host{}, rules(t, tracking))
	require.NoError(t, err)
	s := n.NewSession(simulate.WithLimits(simulate.Limits{Fragments: 2}))
	receive := func(id uint16) error {
		p := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2 len 16")
		w := p.Wire()
		w[4], w[5], w[6], w[10], w[11] = byte(id>>8), byte(id), 0x20, 0, 0
		sum := packet.Checksum(w[:20], 0)
		w[10], w[11] = byte(sum>>8), byte(sum)
		return s.Receive("eth0", p).Err
	}
	require.NoError(t, receive(1))
	require.NoError(t, receive(2))
	requireLimit(t, receive(3), "Fragments", 2, "more than 2 fragments would wait for the rest of their packets: Limits.Fragments allows more")
	s.Advance(time.Minute)
	require.NoError(t, receive(3))
}

// TestBoundOfHops sends a packet round between two routers.
func TestBoundOfHops(t *testing.T) {
	w := simulate.NewNetwork(simulate.MaxHops(5), nil)
	for _, name := range []string{"a", "b"} {
		own, other := "192.0.2.1", "192.0.2.2"
		if name == "b" {
			own, other = other, own
		}
		n, err := simulate.New(host.MustParse("link eth0 " + own + "/24; route default via " + other))
		require.NoError(t, err)
		w.Add(name, n.NewSession())
	}
	w.Join("a:eth0", "b:eth0")
	j := w.Clone().Receive("a", "eth0", packetFrom(t, "udp 198.51.100.1:1 > 203.0.113.1:2 ttl 64"))
	requireLimit(t, j.Err, "Hops", 5, "after 5 hops the packets still go round: MaxHops allows more")
	assert.Len(t, j.Hops, 5)
}

// TestContext holds that packets, branches and texts stop when a context is done.
func TestContext(t *testing.T) {
	rs := rules(t, "*filter\n-A FORWARD -m statistic --mode random --probability 0.5 -j DROP\n-A FORWARD -m statistic --mode random --probability 0.5 -j DROP\nCOMMIT\n")
	n, err := simulate.New(host.Host{}, rs)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := n.NewSession(simulate.WithContext(ctx))
	p := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2")
	require.NoError(t, s.Receive("eth0", p).Err)
	var all []*simulate.Result
	for r := range s.Branches("eth0", p) {
		all = append(all, r)
		cancel()
	}
	require.Len(t, all, 2, "the first branch, and what stands for all others")
	require.NoError(t, all[0].Err)
	require.ErrorIs(t, all[1].Err, context.Canceled)
	assert.Equal(t, "1/2", all[1].Probability().RatString())
	r := s.Receive("eth0", p)
	require.ErrorIs(t, r.Err, context.Canceled)
	assert.Equal(t, simulate.Undecided, r.Fate)
	require.ErrorIs(t, s.LoadConns("conns", strings.NewReader("")), context.Canceled)

	_, err = parser.ParseString("*filter\nCOMMIT\n", parser.Context(ctx))
	require.ErrorIs(t, err, context.Canceled)
}
