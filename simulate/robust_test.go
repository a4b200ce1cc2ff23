package simulate_test

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// TestZeroValuesDoNotPanic calls every method of the zero values of exported types
// with zero arguments, and ranges over what they yield.
func TestZeroValuesDoNotPanic(t *testing.T) {
	for _, v := range []any{&simulate.Session{}, (&simulate.Node{}).NewSession(), &simulate.Node{}, &simulate.Network{}, &simulate.Result{},
		&simulate.Result{Fate: simulate.Sent, Steps: []simulate.Step{{}}, Err: nil}, &simulate.Visit{}, &simulate.Step{}, &simulate.Journey{}, &simulate.Coverage{},
		&simulate.Assumption{}, &simulate.Conn{}, &simulate.Line{}, &simulate.Miss{}, &simulate.Hop{}, &simulate.BranchError{}, &simulate.LimitError{}} {
		rv := reflect.ValueOf(v)
		for i := range rv.NumMethod() {
			m, name := rv.Method(i), rv.Type().Method(i).Name
			if name == "Format" { // fmt calls it
				assert.NotPanics(t, func() { _ = fmt.Sprintf("%v %+v", v, v) }, "%T", v)
				continue
			}
			args := make([]reflect.Value, 0, m.Type().NumIn())
			for k := range m.Type().NumIn() {
				if !m.Type().IsVariadic() || k+1 < m.Type().NumIn() {
					in := m.Type().In(k)
					if in.Kind() == reflect.Pointer && in == rv.Type() {
						args = append(args, rv) // Equal
						continue
					}
					args = append(args, reflect.Zero(in))
				}
			}
			assert.NotPanics(t, func() {
				for _, out := range m.Call(args) {
					if out.Kind() == reflect.Func && out.Type().CanSeq() {
						for range out.Seq() {
							break
						}
					}
				}
			}, "%T.%s", v, name)
		}
	}
}

// TestNilOptions holds that options which ask for nothing do nothing.
func TestNilOptions(t *testing.T) {
	n, err := simulate.New(host.Host{}, nil, (*netfilter.Ruleset)(nil))
	require.NoError(t, err)
	s := n.With(nil).NewSession(nil, simulate.WithCoverage(nil), simulate.WithVisits(nil))
	assert.Equal(t, simulate.Forwarded, s.Receive("eth0", packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2")).Fate)
	require.ErrorContains(t, s.Reload(&netfilter.Ruleset{Family: 9}), "family 9")
	require.ErrorContains(t, s.Reload(&netfilter.Ruleset{Tables: []*netfilter.Table{nil}}), "table 1")
	require.Error(t, s.LoadConns("conns", nil))
	assert.Error(t, new(simulate.Session).Reload())
}

// TestClockDoesNotGoBack holds that a negative duration moves nothing.
func TestClockDoesNotGoBack(t *testing.T) {
	n, err := simulate.New(host.Host{})
	require.NoError(t, err)
	s := n.NewSession()
	now := s.Now()
	s.Advance(-time.Hour)
	assert.Equal(t, now, s.Now())
}

// TestResultsAreTheirOwn changes what was given and what was returned.
func TestResultsAreTheirOwn(t *testing.T) {
	n, err := simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.1/24")}}})
	require.NoError(t, err)
	p := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2 ttl 9")
	p.Socket = &packet.Socket{UID: 5}
	r := n.Send(p)
	q, first := r.Packet, r.Before(&r.Steps[0])
	q.SetTTL(1)
	first.SetTTL(1)
	p.SetTTL(1)
	p.Socket.UID = 6
	assert.Equal(t, uint8(9), r.Packet.TTL())
	before := r.Before(&r.Steps[0])
	assert.Equal(t, uint8(9), before.TTL())
	assert.Equal(t, uint32(5), r.Packet.Socket.UID)
}

// TestLoadConnsAllOrNone holds that a bad line leaves the session as it was.
func TestLoadConnsAllOrNone(t *testing.T) {
	n, err := simulate.New(host.Host{})
	require.NoError(t, err)
	s := n.NewSession()
	const good = "udp 17 29 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1 mark=0 use=1\n"
	for text, says := range map[string]string{
		good + "nonsense\n": "conns:2: ",
		good + good:         "conns:2: the session has a connection with these addresses and ports",
		good + "\n" + strings.Repeat("x", 70_000) + "\n": "conns:3: ",
	} {
		require.ErrorContains(t, s.LoadConns("conns", strings.NewReader(text)), says)
		for c := range s.Conns() {
			t.Errorf("%s was loaded", c)
		}
	}
	require.NoError(t, s.LoadConns("conns", strings.NewReader(good)))
}

// TestLimits holds the bounds of what a packet may cost, and that their errors name
// the place.
func TestLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("*filter\n:A - [0:0]\n-A FORWARD -j A\n")
	for range 50 {
		b.WriteString("-A A -m mark --mark 1\n")
	}
	n, err := simulate.New(host.Host{}, rules(t, b.String()+"COMMIT\n"))
	require.NoError(t, err)
	p := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2")
	for limits, want := range map[simulate.Limits]string{
		{}:                    "",
		{Steps: 5, Work: 100}: "",
		{Steps: 2}:            "the path of the packet has more than 2 steps at FORWARD, table filter, chain A (IPv4): chains jump to each other too often; WithLimits allows more",
	} {
		r := n.With(simulate.WithLimits(limits)).Receive("eth0", p)
		if want == "" {
			require.NoError(t, r.Err)
			continue
		}
		require.EqualError(t, r.Err, want)
		var limit *simulate.LimitError
		require.ErrorAs(t, r.Err, &limit)
		assert.Equal(t, simulate.Undecided, r.Fate)
	}
	visits := simulate.WithVisits(func(*simulate.Visit) {}) // every rule is looked at
	r := n.With(visits, simulate.WithLimits(simulate.Limits{Work: 20})).Receive("eth0", p)
	require.ErrorContains(t, r.Err, "the packet came to more than 20 rules and matches at FORWARD, table filter, chain A")
}

// TestCostlyMatches bounds the work of matches that search the packet.
func TestCostlyMatches(t *testing.T) {
	var b strings.Builder
	b.WriteString("*filter\n")
	for range 8 {
		b.WriteString("-A FORWARD -m string --string needle --algo bm\n")
	}
	n, err := simulate.New(host.Host{}, rules(t, b.String()+"COMMIT\n"))
	require.NoError(t, err)
	p := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2 len 1300")
	require.NoError(t, n.Receive("eth0", p).Err)
	require.ErrorContains(t, n.With(simulate.WithLimits(simulate.Limits{Work: 100})).Receive("eth0", p).Err, "more than 100 rules and matches")
}

// TestUndecidedCopy holds that a copy for the host itself which cannot be judged
// leaves the fate of the packet alone, but is told.
func TestUndecidedCopy(t *testing.T) {
	n, err := simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.1/24")}}},
		rules(t, "*raw\n-A PREROUTING -m geoip --source-country CN\nCOMMIT\n"))
	require.NoError(t, err)
	p := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.255:2")
	p.Socket = &packet.Socket{Broadcast: true}
	r := n.Send(p)
	assert.Equal(t, simulate.Sent, r.Fate)
	require.NoError(t, r.Err)
	require.Len(t, r.Caused, 1)
	assert.Equal(t, simulate.Undecided, r.Caused[0].Fate)
	require.ErrorContains(t, r.Caused[0].Err, "the host's own copy: ")
	assert.Contains(t, r.String(), "what the host itself sends is undecided: ")
}

// TestUndecidedAnswer holds that an answer of the host's which cannot be judged is
// told.
func TestUndecidedAnswer(t *testing.T) {
	n, err := simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.1/24")}}},
		rules(t, "*filter\n-A INPUT -j REJECT\n-A OUTPUT -m geoip --source-country CN\nCOMMIT\n"))
	require.NoError(t, err)
	r := n.Receive("eth0", packetFrom(t, "udp 192.0.2.7:1 > 192.0.2.1:2"))
	assert.Equal(t, simulate.Rejected, r.Fate)
	require.NoError(t, r.Err)
	assert.Contains(t, r.String(), "what the host itself sends is undecided: ")
}

// TestConnectIgnoresDrops holds that a TCP socket sends its SYN again, whatever
// became of it.
func TestConnectIgnoresDrops(t *testing.T) {
	h := host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.1/24")}}}
	n, err := simulate.New(h, rules(t, "*filter\n-A OUTPUT -p tcp -j DROP\nCOMMIT\n"))
	require.NoError(t, err)
	s := n.NewSession()
	from := netip.MustParseAddrPort("192.0.2.1:1000")
	r := s.Connect(from, netip.MustParseAddrPort("192.0.2.7:80"), packet.Socket{})
	assert.Equal(t, simulate.Dropped, r.Fate)
	assert.Empty(t, r.SendError)
	r = s.Connect(from, netip.MustParseAddrPort("198.51.100.7:80"), packet.Socket{})
	assert.Equal(t, "Network is unreachable", r.SendError)
	assert.Equal(t, "Operation not permitted", s.Send(packetFrom(t, "tcp 192.0.2.1:1 > 192.0.2.7:80 syn")).SendError)
}

// TestCreditOfTranslation holds to which step a change of addresses counts: to the
// rule that set it up, else to the translation itself.
func TestCreditOfTranslation(t *testing.T) {
	n, err := simulate.New(host.Host{}, rules(t, "*nat\n-A PREROUTING -p udp -j DNAT --to-destination 10.0.0.9\nCOMMIT\n*filter\n-A FORWARD -j ACCEPT\nCOMMIT\n"))
	require.NoError(t, err)
	s := n.NewSession()
	credited := func(r *simulate.Result) (out []string) {
		for _, l := range r.Explain() {
			if strings.Contains(l.Change, "192.0.2.2") {
				out = append(out, l.Hook+" "+l.Text)
			}
		}
		return out
	}
	r := s.Receive("eth0", packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2"))
	assert.Equal(t, []string{"PREROUTING -A PREROUTING -p udp -j DNAT --to-destination 10.0.0.9"}, credited(r))
	back := s.Receive("eth0", packetFrom(t, "udp 10.0.0.9:2 > 192.0.2.1:1"))
	assert.Equal(t, []string{"POSTROUTING translated from 10.0.0.9:2 > 192.0.2.1:1 to 192.0.2.2:2 > 192.0.2.1:1, as a reply in its connection"}, credited(back))
}
