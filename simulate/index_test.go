package simulate_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

var (
	indexPackets = flag.Int("index.packets", 3000, "how many drawn packets go through rulesets with and without the indexes of chains")
	indexSeed    = flag.Uint64("index.seed", 0, "the first seed they are drawn from")
)

// TestIndexChangesNothing sends drawn packets through drawn rulesets with and
// without the indexes of chains: results, steps, traces, logs, assumptions, random
// choices, connections, sets and coverage are the same. A session that records no paths
// says the same of all but the path.
func TestIndexChangesNothing(t *testing.T) {
	kinds := []func(uint64, gen.Config) *gen.Case{gen.Random, gen.Flow, gen.Kube, gen.LoadBalanced, gen.Talk}
	sent := 0
	for seed := *indexSeed; sent < *indexPackets; seed++ {
		for _, kind := range kinds {
			for _, family := range []int{4, 6} {
				c := kind(seed, gen.Config{Family: family, Rules: 4 + int(seed%4)*8})
				t.Run(c.Name, func(t *testing.T) { sent += playTwice(t, c, seed, [2]bool{netfilter.Legacy: true}) })
				t.Run(c.Name+"/nf_tables", func(t *testing.T) {
					sent += playTwice(t, c, seed, [2]bool{netfilter.Legacy: seed%2 == 1, netfilter.NFTables: true})
				})
			}
		}
	}
	t.Logf("%d packets", sent)
}

// playTwice plays a case, whose rules the given backends have, with and without indexes
// and returns how many packets it has.
func playTwice(t *testing.T, c *gen.Case, seed uint64, backends [2]bool) (sent int) {
	world := gen.Env()
	env := oracle.Host(t, world)
	var err error
	env.Sets, err = parser.ParseSetsString(c.Sets)
	require.NoError(t, err)
	var texts [2][2]string
	if backends[netfilter.Legacy] {
		texts[netfilter.Legacy] = [2]string{c.Rules4, c.Rules6}
	}
	if backends[netfilter.NFTables] {
		texts[netfilter.NFTables] = [2]string{oracle.LoadableByNFT(c.Rules4), oracle.LoadableByNFT(c.Rules6)}
	}
	node, err := oracle.LoadBoth(env, texts[netfilter.Legacy], texts[netfilter.NFTables])
	require.NoError(t, err)
	var counts [2]simulate.Coverage
	visits := map[string][2]uint64{}
	indexed := node.NewSession(simulate.WithSeed(seed), simulate.WithIndex(true), simulate.WithCoverage(&counts[0]))
	plain := node.NewSession(simulate.WithSeed(seed), simulate.WithIndex(false), simulate.WithCoverage(&counts[1]),
		simulate.WithVisits(func(v *simulate.Visit) {
			place := v.Backend.String() + " " + v.Place()
			n := visits[place]
			n[0]++
			if v.Matched {
				n[1]++
			}
			visits[place] = n
		}))
	brief := node.NewSession(simulate.WithSeed(seed), simulate.WithIndex(true), simulate.WithoutPath())
	left := map[int][]kernel.Out{}
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		sent++
		a, b := oracle.Ask(t, indexed, world, p.Packet), oracle.Ask(t, plain, world, p.Packet)
		sameResult(t, a, b, fmt.Sprintf("packet %d, %s", sent, p.Note))
		sameAnswer(t, oracle.Ask(t, brief, world, p.Packet), b, fmt.Sprintf("packet %d without path, %s", sent, p.Note))
		if a.Fate == simulate.Forwarded || a.Fate == simulate.Sent {
			left[p.Step] = append(left[p.Step], kernel.Out{Iface: a.OutDev, Wire: a.Packet.Wire()})
		}
		indexed.Advance(100 * time.Millisecond)
		plain.Advance(100 * time.Millisecond)
		brief.Advance(100 * time.Millisecond)
	}
	sameSession(t, indexed, plain)
	sameSession(t, brief, plain)
	require.Equal(t, counts[1].Rules(), counts[0].Rules())
	for _, r := range counts[0].Rules() {
		n := visits[fmt.Sprintf("%s %s:%s:rule:%d", r.Backend, r.Table, r.Chain, r.Number)]
		require.Equal(t, n, [2]uint64{r.Reached, r.Matched}, r.Text)
	}
	return sent
}

// TestIndexKeepsLimits sends a packet with every limit on work through chains of which
// an index skips most rules: it is exceeded at the same rule.
func TestIndexKeepsLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("*filter\n:A - [0:0]\n")
	for i := range 20 {
		fmt.Fprintf(&b, "-A FORWARD -p udp --dport %d -j DROP\n-A A -s 10.0.0.%d -j DROP\n", 100+i, i)
	}
	b.WriteString("-A FORWARD -p udp -j A\n-A FORWARD -p udp --dport 99 -j DROP\n-A A -p udp -j RETURN\nCOMMIT\n")
	node, err := simulate.New(host.Host{}, rules(t, b.String()))
	require.NoError(t, err)
	p := packetFrom(t, "udp 192.0.2.1:1 > 192.0.2.2:2")
	const all = 20 + 1 + 20 + 1 + 1 // rules of FORWARD up to the jump, of A, and after it
	for work := int64(1); work <= all+1; work++ {
		var counts [2]simulate.Coverage
		var got [2]*simulate.Result
		for i, use := range []bool{true, false} {
			got[i] = node.NewSession(simulate.WithLimits(simulate.Limits{Work: work}), simulate.WithIndex(use), simulate.WithCoverage(&counts[i])).Receive("eth0", p)
		}
		what := fmt.Sprintf("%d rules", work)
		sameResult(t, got[0], got[1], what)
		require.Equal(t, work < all, got[0].Err != nil, what)
		require.Equal(t, counts[1].Rules(), counts[0].Rules(), what)
	}
}

func sameResult(t *testing.T, a, b *simulate.Result, what string) {
	t.Helper()
	if !a.Equal(*b) {
		require.Equal(t, fmt.Sprintf("%+v", b), fmt.Sprintf("%+v", a), what)
		t.Fatal(what)
	}
	require.Equal(t, b.Trace(), a.Trace(), what)
	require.Equal(t, b.Logs(), a.Logs(), what)
	require.Equal(t, b.Assumptions, a.Assumptions, what)
	require.Zero(t, a.Probability().Cmp(b.Probability()), what)
}

// sameAnswer compares a result without path with one that has a path.
func sameAnswer(t *testing.T, brief, full *simulate.Result, what string) {
	t.Helper()
	require.Equal(t, full.String(), brief.String(), what)
	require.True(t, brief.By.Equal(*full.By), "%s: decided by %v, not by %v", what, brief.By, full.By)
	require.Len(t, brief.Steps, 1, what)
	require.Nil(t, brief.Trace(), what)
	type answer struct {
		Fate              simulate.Fate
		Packet            netfilter.Packet
		OutDev            string
		NextHop           string
		Fragments         []netfilter.Packet
		Answers           []netfilter.Packet
		Chance            float64
		RandomPort        bool
		SendError         string
		Assumptions       string
		Err               string
		Logs              []string
		Masqueraded       bool
		Source            string
		Probability, Next string
	}
	of := func(r *simulate.Result) answer {
		reply := r.Reply()
		return answer{r.Fate, r.Packet, r.OutDev, r.NextHop.String(), r.Fragments, r.Answers, r.Chance, r.RandomPort, r.SendError,
			fmt.Sprint(r.Assumptions), fmt.Sprint(r.Err), r.Logs(), r.Masqueraded(), r.Source().String(), r.Probability().String(), fmt.Sprintf("%x", reply.Wire())}
	}
	a, b := of(brief), of(full)
	if diff := cmp.Diff(b, a, cmpopts.EquateEmpty()); diff != "" {
		require.Empty(t, diff, what)
	}
	require.Len(t, brief.Caused, len(full.Caused), what)
	for i := range full.Caused {
		sameAnswer(t, brief.Caused[i], full.Caused[i], fmt.Sprintf("%s, answer %d", what, i))
	}
}

func sameSession(t *testing.T, a, b *simulate.Session) {
	t.Helper()
	conns := func(s *simulate.Session) (lines []string) {
		for c := range s.Conns() {
			lines = append(lines, c.String())
		}
		return lines
	}
	require.Equal(t, conns(b), conns(a))
	sets := func(s *simulate.Session) string { return string(s.Sets().AppendSave(nil)) }
	require.Equal(t, sets(b), sets(a))
}

// FuzzIndex sends any packet through any ruleset with and without the indexes of
// chains.
func FuzzIndex(f *testing.F) {
	for seed := range uint64(6) {
		for _, family := range []int{4, 6} {
			c := gen.Random(seed, gen.Config{Family: family, Rules: 12})
			for p := range c.Packets(nil) {
				f.Add(c.Rules(), p.In, p.Wire, uint32(seed%3), seed)
			}
		}
	}
	f.Fuzz(func(t *testing.T, rules, dev string, wire []byte, mark uint32, seed uint64) {
		p, err := packet.Decode(wire)
		if err != nil {
			return
		}
		rs, err := parser.ParseString(rules, parser.Family(p.Family()))
		if err != nil {
			return
		}
		node, err := simulate.New(fuzzHost(), rs)
		if err != nil {
			return
		}
		p.Mark = mark
		var got []*simulate.Result
		for _, opts := range [][]simulate.SessionOption{{simulate.WithIndex(true)}, {simulate.WithIndex(false)}, {simulate.WithIndex(true), simulate.WithoutPath()}} {
			s := node.NewSession(append(opts, simulate.WithSeed(seed))...)
			for range 2 {
				if dev == "" {
					got = append(got, s.Send(p))
				} else {
					got = append(got, s.Receive(dev, p))
				}
			}
		}
		for i, r := range got[:2] {
			sameResult(t, r, got[2+i], "")
			sameAnswer(t, got[4+i], got[2+i], "")
		}
	})
}
