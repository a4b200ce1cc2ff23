package icmp_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/sysctl"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// TestRedirects4 holds that an IPv4 host is told up to a number of times, each time
// after twice the pause, and again after a silence.
func TestRedirects4(t *testing.T) {
	r, limits := icmp.Redirects{}, sysctl.RedirectLimits{Load: 5, Number: 3, Silence: 5120}
	a := netip.MustParseAddr("192.0.2.1")
	const tick = 4 * time.Millisecond
	var told []int
	for n := range 200 {
		if r.Allow4(a, noon.Add(time.Duration(n)*tick), limits) {
			told = append(told, n)
		}
	}
	assert.Equal(t, []int{0, 11, 32}, told)
	assert.True(t, r.Allow4(netip.MustParseAddr("192.0.2.2"), noon, limits), "each host has its own limit")
	c := r.Clone()
	assert.True(t, c.Allow4(a, noon.Add(6000*tick), limits), "after the silence")
	assert.True(t, r.Allow4(a, noon.Add(6000*tick), limits), "the copy is independent")
}

// TestRedirects6 holds that six redirects may be sent at once, then one a second.
func TestRedirects6(t *testing.T) {
	r, a, n := icmp.Redirects{}, netip.MustParseAddr("2001:db8::1"), 0
	for range 10 {
		if r.Allow6(a, noon) {
			n++
		}
	}
	assert.Equal(t, 6, n)
	assert.True(t, r.Allow6(a, noon.Add(time.Second)))
	assert.False(t, r.Allow6(a, noon.Add(time.Second)))
}
