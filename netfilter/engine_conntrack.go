package netfilter

import "time"

// ConntrackEngine gives extensions access to connection tracking; the packet's
// own connection is in the Context.
type ConntrackEngine interface {
	// Tuple returns the tuple of the packet in its current form; false if it has
	// none, for example because it is truncated.
	Tuple() (Tuple, bool)
	// FindConn returns the connection in the connection table that packets with
	// tuple t in the given zone belong to; nil if there is none.
	FindConn(t Tuple, zone uint16, dir ZoneDirection) *Conn
	// Track exempts the packet from connection tracking or configures how it is
	// tracked. It has no effect on a packet that is already tracked.
	Track(t TrackConfig)
	// AssignTimeouts gives the packet's connection, which must not be confirmed
	// yet, the timeouts of a policy in place of the default ones.
	AssignTimeouts(p *TimeoutPolicy)
	// SetupNAT sets up the address translation of the packet's connection for one
	// side of its packets, with an address and port from r
	// (net/netfilter/nf_nat_core.c, nf_nat_setup_info).
	SetupNAT(m Manip, r NATRange) Verdict
}

// TimeoutPolicy are timeouts for the states of connections of a protocol, by
// the names that nftables has for them: "unreplied" and "replied" of UDP, and
// "syn_sent" and so on of TCP. States that are missing have the default
// timeouts.
type TimeoutPolicy struct {
	Name    string // unique among the policies of the host
	Proto   uint8
	Timeout map[string]time.Duration
}

// TrackConfig holds the options of the CT target for connection tracking.
type TrackConfig struct {
	Untracked bool
	Zone      uint16
	ZoneDir   ZoneDirection
	ZoneMark  bool // the zone is the packet's mark
	Helper    string
	Timeout   string
	SynProxy  bool // the connection is one that SYNPROXY opens
	// Template is the connection that extensions see until the packet is tracked.
	// Only its mark persists between packets; nil stands for an empty template.
	Template *Conn
}
