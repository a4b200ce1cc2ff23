package bench

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// warm is how many packets go through a node ahead of those that are measured, so
// that chains have their indexes.
const warm = 100

// TestGoroutines has goroutines share a node while its indexes are made.
func TestGoroutines(t *testing.T) {
	var coverage simulate.Coverage
	c := Cluster{Services: 50, NodePorts: true, Affinity: true}
	node, p := load(t, c.Rules()).With(simulate.WithCoverage(&coverage)), build(t, c.NodePortRequest())
	want := node.Receive("eth0", p)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var r simulate.Result
			for range warm {
				node.ReceiveInto(&r, "eth0", p)
				assert.True(t, want.Equal(r))
			}
		}()
	}
	wg.Wait()
	assert.Equal(t, uint64(4*warm+1), coverage.Rules()[1].Reached)
}

func firewalls(n int) map[string]string {
	m := map[string]string{"irregular": Irregular(n)}
	for _, s := range Shapes {
		m[s.Name] = s.Rules(n)
	}
	return m
}

// TestAnswers holds that the packets of the benchmarks go where they are to.
func TestAnswers(t *testing.T) {
	for name, rules := range firewalls(300) {
		r := load(t, rules).Receive("eth0", build(t, Unmatched()))
		assert.Equal(t, "filter:FORWARD:policy:302", r.By.Place(), "%s: %v", name, r)
	}
	c := Cluster{Services: 20, NodePorts: true, Affinity: true}
	node := load(t, c.Rules())
	for _, spec := range []func() (netfilter.Packet, error){c.Request().Build, c.NodePortRequest().Build} {
		p, err := spec()
		assert.NoError(t, err)
		r := node.Receive("eth0", p)
		assert.Equal(t, simulate.Forwarded, r.Fate, "%+v", r)
		assert.True(t, r.Masqueraded())
		assert.Equal(t, fmt.Sprintf("10.244.0.%d:8080", 2*19+int(r.Packet.Dst().As4()[3]&1)), r.Endpoint().String())
	}
}

// TestResultIsUsedAgain holds that a result that is used again says nothing of the
// packet before.
func TestResultIsUsedAgain(t *testing.T) {
	c := Cluster{Services: 20}
	node := load(t, c.Rules())
	var used simulate.Result
	for range 3 {
		for _, p := range []netfilter.Packet{build(t, c.Request()), build(t, Unmatched())} {
			node.ReceiveInto(&used, "eth0", p)
			fresh := node.Receive("eth0", p)
			assert.True(t, used.Equal(*fresh), "%+v\n%+v", &used, fresh)
			assert.Equal(t, fresh.Trace(), used.Trace())
		}
	}
}
