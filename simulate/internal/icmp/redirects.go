package icmp

import (
	"maps"
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/sysctl"
)

// Redirects is the rate limit of ICMP redirects by the host that is told or asked about
// (struct inet_peer).
type Redirects map[netip.Addr]redirected

// redirected is the state of the limit of an address.
type redirected struct {
	times int       // IPv4: redirects sent since the last redirect_silence
	ticks int64     // IPv4: time of the last redirect, or of the last suppressed one
	last  time.Time // IPv6: time of the last call of Allow6
	saved time.Duration
}

// Clone returns an independent copy.
func (r Redirects) Clone() Redirects { return maps.Clone(r) }

// Allow4 reports whether another redirect may be sent to an IPv4 host
// (net/ipv4/route.c, ip_rt_send_redirect).
func (r Redirects) Allow4(a netip.Addr, now time.Time, l sysctl.RedirectLimits) bool {
	e, tick := r[a], netfilter.Jiffies(now)
	if tick > e.ticks+int64(l.Silence) {
		e.times = 0
	}
	told := e.times < l.Number && (e.times == 0 || tick > e.ticks+int64(l.Load<<e.times))
	if told {
		e.times++
	}
	if told || e.times >= l.Number {
		e.ticks = tick
	}
	r[a] = e
	return told
}

// Allow6 reports whether another redirect may be sent to an IPv6 address: a token
// bucket with one token a second and a burst of six (net/ipv4/icmp.c,
// inet_peer_xrlim_allow).
func (r Redirects) Allow6(a netip.Addr, now time.Time) bool {
	const cost, most = time.Second, 6 * time.Second
	e, known := r[a]
	if !known {
		e.saved = most
	}
	e.saved = min(most, e.saved+now.Sub(e.last))
	if e.last = now; !known {
		e.saved = most
	}
	ok := e.saved >= cost
	if ok {
		e.saved -= cost
	}
	r[a] = e
	return ok
}
