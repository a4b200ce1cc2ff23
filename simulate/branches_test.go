package simulate_test

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// balanced is a service with three endpoints.
const balanced = `*nat
:PREROUTING ACCEPT [0:0]
:SVC - [0:0]
-A PREROUTING -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j SVC
-A SVC -p tcp -m statistic --mode random --probability 0.33333333349 -j DNAT --to-destination 10.244.0.1:8080
-A SVC -p tcp -m statistic --mode random --probability 0.50000000000 -j DNAT --to-destination 10.244.0.2:8080
-A SVC -p tcp -j DNAT --to-destination 10.244.0.3:8080
COMMIT
`

const toService = "cni0: tcp 10.244.9.9:5000 > 10.96.0.10:80"

// nodeOf makes a node with these rules.
func nodeOf(t testing.TB, rules string, opts ...parser.Option) *simulate.Node {
	t.Helper()
	rs, err := parser.ParseString(rules, opts...)
	require.NoError(t, err)
	n, err := simulate.New(host.Host{}, rs)
	require.NoError(t, err)
	return n
}

func parsePacket(t testing.TB, text string) (string, netfilter.Packet) {
	t.Helper()
	dev, p, err := parser.ParsePacket(text)
	require.NoError(t, err)
	return dev, p
}

func sumOf(rs []*simulate.Result) *big.Rat {
	sum := new(big.Rat)
	for _, r := range rs {
		sum.Add(sum, r.Probability())
	}
	return sum
}

func TestBranchesAreExact(t *testing.T) {
	n := nodeOf(t, balanced)
	dev, p := parsePacket(t, toService)
	rs := slices.Collect(n.Branches(dev, p))
	var got []string
	for _, r := range rs {
		got = append(got, r.Endpoint().String()+" "+r.Probability().String())
	}
	assert.Equal(t, []string{
		"10.244.0.1:8080 715827883/2147483648",
		"10.244.0.2:8080 1431655765/4294967296",
		"10.244.0.3:8080 1431655765/4294967296",
	}, got)
	assert.Equal(t, "1", sumOf(rs).RatString())
}

func TestBranchesOfACertainPacket(t *testing.T) {
	n := nodeOf(t, balanced)
	dev, p := parsePacket(t, "cni0: tcp 10.244.9.9:5000 > 10.96.0.10:81")
	rs := slices.Collect(n.Branches(dev, p))
	require.Len(t, rs, 1)
	assert.Equal(t, n.Receive(dev, p).String(), rs[0].String())
	assert.Equal(t, "1", rs[0].Probability().RatString())
}

// TestBranchesAreBounded holds that what is not followed counts.
func TestBranchesAreBounded(t *testing.T) {
	n := nodeOf(t, "*filter\n"+strings.Repeat("-A FORWARD -m statistic --mode random --probability 0.3 -j ACCEPT\n", 40)+"COMMIT\n")
	dev, p := parsePacket(t, "eth0: udp 10.0.0.1:5 > 10.0.0.2:6")
	rs := slices.Collect(n.Branches(dev, p, simulate.MaxBranches(7)))
	require.Len(t, rs, 8)
	var bound *simulate.BranchError
	require.True(t, errors.As(rs[7].Err, &bound))
	assert.Equal(t, 7, bound.Max)
	assert.Equal(t, simulate.Undecided, rs[7].Fate)
	assert.Equal(t, "1", sumOf(rs).RatString())
	assert.Len(t, slices.Collect(n.Branches(dev, p)), 41)
	through := simulate.Outcomes(slices.Values(rs), passed)
	assert.Equal(t, "1", through[0].Most.RatString(), "what was not followed may have passed")
	assert.Less(t, through[0].Chance(), 1.0)
}

func TestBranchesKeepTheSession(t *testing.T) {
	s := nodeOf(t, balanced).NewSession(simulate.WithSeed(7))
	dev, p := parsePacket(t, toService)
	seq := s.Branches(dev, p)
	once := slices.Collect(seq)
	assert.Len(t, once, 3)
	assert.Len(t, slices.Collect(seq), 3, "a second time")

	for _, r := range once {
		c := s.Clone()
		taken := c.Take(r)
		assert.Equal(t, r.Endpoint(), taken.Endpoint())
		assert.Equal(t, r.Endpoint(), c.Receive(dev, p).Endpoint(), "the connection goes on as it began")
	}
	assert.Error(t, s.Take(s.Receive(dev, p)).Err)
}

// TestNextHopsAreBranches takes the weights of a multipath route for chances.
func TestNextHopsAreBranches(t *testing.T) {
	h := host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.168.1.1/24")}, {Name: "eth1", Addrs: host.MustAddresses("192.168.2.1/24")}},
		Routes: host.MustRoutes("10.0.0.0/8 via 192.168.1.2 dev eth0")}
	h.Routes[0].Via, h.Routes[0].Dev = h.Routes[0].PrefSrc, ""
	hops := host.MustRoutes("10.0.0.0/8 via 192.168.1.2 dev eth0", "10.0.0.0/8 via 192.168.2.2 dev eth1")
	h.Routes[0].Nexthops = []host.Nexthop{{Via: hops[0].Via, Dev: "eth0", Weight: 3}, {Via: hops[1].Via, Dev: "eth1"}}
	n, err := simulate.New(h)
	require.NoError(t, err)
	dev, p := parsePacket(t, "eth0: udp 192.168.1.9:5 > 10.1.1.1:6")
	var got []string
	for r := range n.Branches(dev, p) {
		got = append(got, r.OutDev+" "+r.Probability().RatString())
	}
	assert.Equal(t, []string{"eth0 3/4", "eth1 1/4"}, got)
}

// TestPortsOfBranches holds that the port of a client is not a random choice, that
// of a server is.
func TestPortsOfBranches(t *testing.T) {
	n := nodeOf(t, "*nat\n-A POSTROUTING -j SNAT --to-source 192.0.2.1 --random\nCOMMIT\n")
	dev, p := parsePacket(t, "eth0: udp 10.0.0.1:5000 > 10.0.0.2:6")
	rs := slices.Collect(n.Branches(dev, p))
	require.Len(t, rs, 1)
	assert.True(t, rs[0].RandomPort)
	assert.Equal(t, 1.0, rs[0].Chance)

	n = nodeOf(t, "*nat\n-A PREROUTING -p udp -j DNAT --to-destination 192.0.2.1:100-102 --random\nCOMMIT\n")
	rs = slices.Collect(n.Branches(dev, p))
	var got []string
	for _, r := range rs {
		got = append(got, r.Endpoint().String()+" "+r.Probability().RatString())
	}
	assert.Equal(t, []string{"192.0.2.1:100 10923/32768", "192.0.2.1:101 21845/65536", "192.0.2.1:102 21845/65536"}, got)
	assert.False(t, rs[0].RandomPort)
}

// TestUnknownsAreBranches bounds what a ruleset lets through although nobody
// knows all of it.
func TestUnknownsAreBranches(t *testing.T) {
	const rules = `*filter
:FORWARD DROP [0:0]
-A FORWARD -m statistic --mode random --probability 0.25 -j ACCEPT
-A FORWARD -m madeup --yes -j ACCEPT
-A FORWARD -m statistic --mode random --probability 0.5 -j MADEUP --really
COMMIT
`
	n := nodeOf(t, rules)
	dev, p := parsePacket(t, "eth0: udp 10.0.0.1:5 > 10.0.0.2:6")
	for r := range n.Branches(dev, p) {
		assert.Equal(t, r.Chance == 0.75, r.Err != nil, "%v", r)
	}
	rs := slices.Collect(n.Branches(dev, p, simulate.AssumeNothing()))
	through := simulate.Outcomes(slices.Values(rs), passed)
	require.True(t, through[0].Key)
	assert.Equal(t, "1/4", through[0].Least.RatString())
	assert.Equal(t, "1", through[0].Most.RatString())
	require.NotEmpty(t, ruleAssumption(rs[1]))
	assert.Equal(t, "4:1: table filter, rule -m madeup --yes -j ACCEPT: the match madeup, which is not known, fails", ruleAssumption(rs[1]).String())
}

// TestSocketsAreBranches follows a fact that nobody gave both ways.
func TestSocketsAreBranches(t *testing.T) {
	n := nodeOf(t, "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m mac --mac-source 02:00:00:00:00:01 -j ACCEPT\nCOMMIT\n")
	dev, p := parsePacket(t, "eth0: tcp 10.0.0.1:5 > 10.0.0.2:6")
	rs := slices.Collect(n.Branches(dev, p, simulate.AssumeNothing()))
	require.Len(t, rs, 2)
	assert.Equal(t, []simulate.Fate{simulate.Dropped, simulate.Forwarded}, []simulate.Fate{rs[0].Fate, rs[1].Fate})
	assert.Contains(t, ruleAssumption(rs[1]).String(), "it is not so that the packet's source MAC address")
	fates := simulate.Outcomes(slices.Values(rs), func(r *simulate.Result) simulate.Fate { return r.Fate })
	for _, o := range fates {
		assert.Equal(t, "0", o.Least.RatString())
		assert.Equal(t, "1", o.Most.RatString())
	}
}

// TestSeededSessionsDrawAsBranchesSay compares how often each way is gone with
// its probability.
func TestSeededSessionsDrawAsBranchesSay(t *testing.T) {
	n := nodeOf(t, balanced)
	dev, p := parsePacket(t, toService)
	outcomes := simulate.Outcomes(n.Branches(dev, p), func(r *simulate.Result) string { return r.Endpoint().String() })
	for seed := range uint64(3) {
		first, again := draws(t, n, seed), draws(t, n, seed)
		require.Equal(t, first, again, "seed %d", seed)
		var c oracle.ChiSquare
		counts := map[string]int{}
		for _, e := range first {
			counts[e]++
		}
		c.Add(outcomes, counts)
		assert.Less(t, c.Sum, c.Critical(), "seed %d: %v", seed, counts)
	}
	assert.NotEqual(t, draws(t, n, 1), draws(t, n, 2))
}

// draws returns where the connections of a session with this seed go.
func draws(t *testing.T, n *simulate.Node, seed uint64) (out []string) {
	s := n.NewSession(simulate.WithSeed(seed))
	for i := range 3000 {
		dev, p := parsePacket(t, fmt.Sprintf("cni0: tcp 10.244.9.9:%d > 10.96.0.10:80", 1024+i))
		out = append(out, s.Receive(dev, p).Endpoint().String())
	}
	return out
}

// TestSeedsMeanTheSameEverywhere pins the draws: the same seed gives the same
// paths on every platform and in every version.
func TestSeedsMeanTheSameEverywhere(t *testing.T) {
	got := ""
	for _, e := range draws(t, nodeOf(t, balanced), 1)[:40] {
		got += strings.TrimSuffix(strings.TrimPrefix(e, "10.244.0."), ":8080")
	}
	assert.Equal(t, "2313123212121313222113223113323113311122", got)
}

func passed(r *simulate.Result) bool { return r.Fate.Passed() }

// ruleAssumption returns the first assumption that a rule asked for.
func ruleAssumption(r *simulate.Result) simulate.Assumption {
	i := slices.IndexFunc(r.Assumptions, func(a simulate.Assumption) bool { return a.Rule != nil })
	if i < 0 {
		return simulate.Assumption{}
	}
	return r.Assumptions[i]
}

// TestBranchesInto has branches reuse results: they are the same as new ones, and
// the allocations of results are saved.
func TestBranchesInto(t *testing.T) {
	s := nodeOf(t, balanced).NewSession()
	dev, p := parsePacket(t, toService)
	var fresh []*simulate.Result
	var want []string
	for r := range s.Branches(dev, p) {
		fresh = append(fresh, r)
		want = append(want, fmt.Sprintf("%+v", r))
	}
	reused := []*simulate.Result{s.Clone().Receive(dev, p), s.Clone().Receive(dev, p)}
	var got []string
	n := 0
	for r := range s.Branches(dev, p, simulate.Into(reused...)) {
		got = append(got, fmt.Sprintf("%+v", r))
		if n < len(reused) {
			require.Same(t, reused[n], r)
		}
		n++
	}
	require.Equal(t, want, got)

	got = nil
	for r := range s.Branches(dev, p, simulate.Into(nil, nil)) {
		got = append(got, fmt.Sprintf("%+v", r))
	}
	require.Equal(t, want, got, "there is a new result for one that is nil")

	allocations := func(opts ...simulate.BranchOption) float64 {
		return testing.AllocsPerRun(20, func() {
			for range s.Branches(dev, p, opts...) {
			}
		})
	}
	require.LessOrEqual(t, allocations(simulate.Into(fresh...)), allocations()-float64(len(fresh)))
}
