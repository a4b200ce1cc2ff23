package simtest_test

import (
	"math/big"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
)

func TestAsk(t *testing.T) {
	node := simtest.Load(t, simtest.Host(t, router), rules)
	r := simtest.Ask(t, node, "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443")
	assert.Equal(t, netip.MustParseAddrPort("192.168.0.5:5000"), r.Source())
	assert.Equal(t, netip.MustParseAddrPort("1.1.1.1:443"), r.Endpoint())
	assert.Equal(t, simulate.Sent, simtest.Ask(t, node, "udp 192.168.0.5:1 > 9.9.9.9:53").Fate)
	assert.InDelta(t, 0.5, simtest.Probability(t, node, dns, simtest.To("10.244.0.2:53")), 1e-9)

	dev, p, err := parser.ParsePacket(dns)
	require.NoError(t, err)
	half := simulate.Probability(node.Branches(dev, p), func(r *simulate.Result) bool { return r.Endpoint().Addr().String() == "10.244.0.3" })
	assert.Zero(t, half.Cmp(big.NewRat(1, 2)), half.RatString())
	assert.Zero(t, simulate.Probability(node.Branches(dev, p), func(r *simulate.Result) bool { return r.Fate == simulate.Rejected }).Sign())
}

func TestNotAndNever(t *testing.T) {
	node := simtest.Load(t, simtest.Host(t, router), rules)
	simtest.Cases{
		{"not dropped", dns, simtest.Not(simtest.Dropped())},
		{"never dropped", dns, simtest.Never(simtest.Dropped())},
		{"not always the same", dns, simtest.Not(simtest.Chance(1, simtest.To("10.244.0.2")))},
		{"neither", dns, simtest.All(simtest.Not(simtest.Via("eth1")), simtest.Never(simtest.To("10.244.0.4")))},
	}.Run(t, node)
	assert.Contains(t, said(func(tb testing.TB) { simtest.Check(tb, node, dns, simtest.Not(simtest.Forwarded())) }), "want: not forwarded\n  got:  forwarded\n")
	assert.Contains(t, said(func(tb testing.TB) { simtest.Check(tb, node, dns, simtest.Never(simtest.To("10.244.0.3"))) }), "want: never to 10.244.0.3\n  got:  to 10.244.0.3\n")
	assert.Equal(t, "not evenly to 10.244.0.2, to 10.244.0.3", simtest.Not(simtest.Evenly(simtest.To("10.244.0.2"), simtest.To("10.244.0.3"))).String())
}

// balanced has three endpoints, two of them with affinity.
const balanced = `*nat
:PREROUTING ACCEPT [0:0]
:SVC - [0:0]
:A - [0:0]
:B - [0:0]
-A PREROUTING -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j SVC
-A PREROUTING -d 10.96.0.2/32 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.25 -j DNAT --to-destination 10.244.1.2:8080
-A PREROUTING -d 10.96.0.2/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.1.3:8080
-A SVC -m recent --name A --rcheck --seconds 30 --reap -j A
-A SVC -m recent --name B --rcheck --seconds 30 --reap -j B
-A SVC -m statistic --mode random --probability 0.5 -j A
-A SVC -j B
-A A -p tcp -m recent --name A --set -j DNAT --to-destination 10.244.1.2:8080
-A B -p tcp -m recent --name B --set -j DNAT --to-destination 10.244.1.3:8080
COMMIT
`

func TestFlowsByProbability(t *testing.T) {
	node := simtest.Load(t, simtest.Host(t, router), balanced)
	const client, sticky, skewed = "192.168.0.9", "10.96.0.1", "10.96.0.2"
	simtest.Flows{
		{"any", client, "tcp", skewed, 80, "10.244.1.2:8080, 10.244.1.3:8080", false},
		{"exact", client, "tcp", skewed, 80, "10.244.1.2:8080 1/4, 10.244.1.3:8080 75%", false},
		{"one of them", client, "tcp", skewed, 80, "10.244.1.2:8080 0.25, 10.244.1.3:8080", false},
		{"evenly", client, "tcp", sticky, 80, "evenly 10.244.1.3:8080, 10.244.1.2:8080", false},
		{"certain", client, "tcp", sticky, 81, "ACCEPT 1", false},
	}.Run(t, node)
	for output, want := range map[string]string{
		"evenly 10.244.1.2:8080, 10.244.1.3:8080":     `"10.244.1.2:8080" with probability 0.25, not 0.5`,
		"10.244.1.2:8080, 10.244.1.3:8080 1/3":        `"10.244.1.3:8080" with probability 0.75, not 0.333333`,
		"10.244.1.2:8080 a":                           `bad probability "a"`,
		"10.244.1.2:8080 2":                           "need one from 0 to 1",
		"evenly 10.244.1.2:8080, 10.244.1.3:8080, :1": `output "10.244.1.2:8080, 10.244.1.3:8080"`,
	} {
		flow := simtest.Flow{Source: client, Protocol: "tcp", Dest: skewed, Port: 80, Output: output}
		assert.Contains(t, said(func(tb testing.TB) { simtest.CheckFlow(tb, node, flow) }), want)
	}

	both := simtest.Flows{{"sticky", client, "tcp", sticky, 80, "10.244.1.2:8080, 10.244.1.3:8080", false}}
	both.RunAffinity(t, node, 30*time.Second)
	simtest.Flows{{"not sticky", client, "tcp", skewed, 80, "10.244.1.2:8080, 10.244.1.3:8080", false},
		{"one endpoint", client, "tcp", "10.244.1.5", 80, "", false}}.RunAffinity(t, node, 0)
}

func TestLiveTexts(t *testing.T) {
	var live simtest.Live
	live.Restore(t, "*nat\n:mine - [0:0]\nCOMMIT\n*filter\n-A INPUT -j DROP\nCOMMIT\n")
	live.Replace(t, "*filter\n:web - [0:0]\nCOMMIT\n")
	was := live.Rules.String()
	assert.NotContains(t, was, "-A INPUT")
	assert.Contains(t, was, ":mine - [0:0]")
	for _, err := range []error{live.TryRestore("*filter\n-A nope -j ACCEPT\nCOMMIT\n"), live.TryReplace("*filter\n-A web -j DNAT --to 1.2.3.4\n-A INPUT -j web\nCOMMIT\n")} {
		require.Error(t, err)
		assert.Equal(t, was, live.Rules.String(), "a text that is refused changes nothing")
	}
	assert.ErrorIs(t, live.TryRestore("*filter\n-X nope\nCOMMIT\n"), netfilter.ErrNoSuchChain)
}
