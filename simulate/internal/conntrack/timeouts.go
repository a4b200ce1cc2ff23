package conntrack

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Timeouts are the lifetimes of an entry after its last packet.
type Timeouts struct {
	TCP [NumTCPStates]time.Duration // by the state after the packet
	// TCPRetrans applies after TCPMaxRetrans retransmissions and while the window is
	// zero, TCPUnack while data is unacknowledged, if they are less than that of the state.
	TCPRetrans, TCPUnack time.Duration
	SCTP                 [NumSCTPStates]time.Duration // by the state after the packet
	UDP, UDPStream       time.Duration                // without and with a reply; for UDP-Lite too
	GRE, GREStream       time.Duration                // without and with a reply
	ICMP, ICMPv6         time.Duration
	Generic              time.Duration // of all other protocols
}

// DefaultTimeouts returns the kernel's default timeouts.
func DefaultTimeouts() Timeouts {
	const s = time.Second
	return Timeouts{
		TCP: [NumTCPStates]time.Duration{
			TCPNone: 120 * s, TCPSynSent: 120 * s, TCPSynRecv: 60 * s, TCPEstablished: 432000 * s, TCPFinWait: 120 * s,
			TCPCloseWait: 60 * s, TCPLastAck: 30 * s, TCPTimeWait: 120 * s, TCPClose: 10 * s, TCPSynSent2: 120 * s,
		},
		TCPRetrans: 300 * s,
		TCPUnack:   300 * s,
		SCTP: [NumSCTPStates]time.Duration{
			SCTPNone: 10 * s, SCTPClosed: 10 * s, SCTPCookieWait: 3 * s, SCTPCookieEchoed: 3 * s, SCTPEstablished: 210 * s,
			SCTPShutdownSent: 3 * s, SCTPShutdownRecd: 3 * s, SCTPShutdownAckSent: 3 * s, SCTPHeartbeatSent: 30 * s,
		},
		UDP: 30 * s, UDPStream: 120 * s,
		GRE: 30 * s, GREStream: 180 * s,
		ICMP: 30 * s, ICMPv6: 30 * s,
		Generic: 600 * s,
	}
}

// timeouts returns the timeouts of a connection: those of its policy, or the defaults
// (nf_ct_timeout_lookup).
func (t *Table) timeouts(c *netfilter.Conn) *Timeouts {
	if c.Timeout != "" {
		if p, ok := t.policies[c.Timeout]; ok {
			return p
		}
	}
	return &t.cfg.Timeouts
}

// relative returns the timeout as it is stored until the entry is confirmed.
func relative(d time.Duration) time.Time { return time.Time{}.Add(d) }

// refresh renews the timeout of a connection and counts the packet
// (nf_conntrack_core.c, __nf_ct_refresh_acct).
func (t *Table) refresh(c *netfilter.Conn, rel netfilter.CTState, s *segment, d time.Duration) {
	switch {
	case c.Status&netfilter.ConnFixedTimeout != 0:
	case c.Status&netfilter.ConnConfirmed != 0:
		c.Expires = t.now.Add(d)
	default:
		c.Expires = relative(d)
	}
	count(c, rel, s)
}

// count adds the packet to the connection's counters, if it has any.
func count(c *netfilter.Conn, rel netfilter.CTState, s *segment) {
	if c.HasCounters {
		n := &c.Counters[rel.Direction()]
		n.Packets++
		n.Bytes += uint64(len(s.wire))
	}
}
