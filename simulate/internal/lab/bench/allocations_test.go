//go:build !race

// The race detector makes a sync.Pool drop what it was given at random (sync/pool.go,
// Put), so that nodes allocate sessions again.

package bench

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/simulate"
)

// TestAllocations holds what packets allocate, however many rules there are. Times
// are measured by the benchmarks and held by nobody.
func TestAllocations(t *testing.T) {
	for _, c := range []Cluster{{Services: 100}, {Services: 1000}, {Services: 1000, NodePorts: true}} {
		node, p := load(t, c.Rules()), build(t, c.Request())
		var r simulate.Result
		for range warm {
			node.ReceiveInto(&r, "eth0", p)
		}
		assert.Zero(t, testing.AllocsPerRun(100, func() { node.ReceiveInto(&r, "eth0", p) }), "%s: a new connection, into a result used before", c)
		assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { node.Receive("eth0", p) }), 3.0, "%s: a new connection", c)

		s := node.NewSession()
		there, back := open(t, s, c, s.Receive("eth0", p))
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			s.ReceiveInto(&r, "eth0", there)
			s.ReceiveInto(&r, "cni0", back)
		}), "%s: an open connection", c)
	}
	s, p := load(t, Closed).NewSession(), build(t, ToNode())
	var r simulate.Result
	s.ReceiveInto(&r, "eth0", p)
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.ReceiveInto(&r, "eth0", p) }), "a tracked packet that is no fragment")
	for name, rules := range firewalls(1000) {
		s, p := load(t, rules).NewSession(), build(t, Unmatched())
		var r simulate.Result
		for range warm {
			s.ReceiveInto(&r, "eth0", p)
		}
		assert.Zero(t, testing.AllocsPerRun(100, func() { s.ReceiveInto(&r, "eth0", p) }), "%s", name)
	}
}

// TestResultWithoutPathIsSmall holds that a result that records no path takes at most 60 %
// of the memory.
func TestResultWithoutPathIsSmall(t *testing.T) {
	c := Cluster{Services: 100}
	node, p := load(t, c.Rules()), build(t, c.Request())
	measure := func(s *simulate.Session) uint64 {
		s.Receive("eth0", p)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 100 {
			s.Receive("eth0", p)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	assert.LessOrEqual(t, 5*measure(node.NewSession(simulate.WithoutPath())), 3*measure(node.NewSession()))
}

// TestUpdateAllocations holds that a node for a changed service is made from the node
// before with the same work whatever the number of services: only the lists of chains,
// three words for each, are copied.
func TestUpdateAllocations(t *testing.T) {
	measure := func(services int) (allocs, bytes float64) {
		node, _, next := changed(t, Cluster{Services: services})
		update := func() {
			_, err := node.Update(next)
			assert.NoError(t, err)
		}
		const runs = 20
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		allocs = testing.AllocsPerRun(runs, update)
		runtime.ReadMemStats(&after)
		return allocs, float64(after.TotalAlloc-before.TotalAlloc) / (runs + 1)
	}
	few, fewBytes := measure(100)
	many, manyBytes := measure(2000)
	assert.InDelta(t, few, many, 3)
	const chains = 3 * (2000 - 100)
	assert.Less(t, manyBytes-fewBytes, 4*8.0*chains)
}

// TestSetAllocations holds that looking into sets allocates nothing, and that a
// session on a large set costs what one on a small set does.
func TestSetAllocations(t *testing.T) {
	for _, k := range Sets {
		var begun [2]float64
		for i, n := range []int{100, 10_000} {
			node, err := k.Node(n)
			assert.NoError(t, err)
			p := build(t, k.Packet(n))
			var r simulate.Result
			begun[i] = testing.AllocsPerRun(20, func() { node.ReceiveInto(&r, "eth0", p) })
			s := node.NewSession()
			s.ReceiveInto(&r, "eth0", p)
			assert.NotNil(t, r.By.Rule, k.Name)
			assert.Zero(t, testing.AllocsPerRun(20, func() { s.ReceiveInto(&r, "eth0", p) }), k.Name)
		}
		assert.InDelta(t, begun[0], begun[1], 2, "%s: a session", k.Name)
	}
}

// TestNFTAllocations holds that a packet with no session before it allocates the
// same whatever the number of nftables rules and sets.
func TestNFTAllocations(t *testing.T) {
	measure := func(c Cluster) (n, bytes float64) {
		node, p := loadNFT(t, c.NFT()), build(t, c.Request())
		var r simulate.Result
		run := func() { node.ReceiveInto(&r, "eth0", p) }
		for range warm {
			run()
		}
		const runs = 100
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n = testing.AllocsPerRun(runs, run)
		runtime.ReadMemStats(&after)
		return n, float64(after.TotalAlloc-before.TotalAlloc) / (runs + 1)
	}
	few, fewBytes := measure(Cluster{Services: 20})
	many, manyBytes := measure(Cluster{Services: 1000})
	assert.LessOrEqual(t, few, 5.0)
	assert.Equal(t, few, many)
	assert.InDelta(t, fewBytes, manyBytes, 200)
}
