package netfilter

import "time"

// ConntrackEngine is what extensions may ask of connection tracking beyond the packet's
// own connection, which is in the Context.
type ConntrackEngine interface {
	// Tuple returns the tuple of the packet as it is; false if it has none, as
	// when it is cut short.
	Tuple() (Tuple, bool)
	// FindConn returns the connection that packets with this tuple belong to,
	// nil if there is none in the table.
	FindConn(t Tuple, zone uint16, dir ZoneDirection) *Conn
	// Track exempts the packet from connection tracking or says how it is to
	// be tracked; it has no effect on a packet that is tracked already.
	Track(t TrackConfig)
	// AssignTimeouts gives the packet's connection, which must not be confirmed yet,
	// the timeouts of a policy in place of the usual ones.
	AssignTimeouts(p *TimeoutPolicy)
	// SetupNAT decides the address translation of the packet's connection.
	SetupNAT(m Manip, r NATRange) Verdict
}

// TimeoutPolicy are timeouts for the states of connections of a protocol, by the
// names that nftables has for them: "unreplied" and "replied" of UDP, and
// "syn_sent" and so on of TCP. States that are missing have the usual timeouts.
type TimeoutPolicy struct {
	Name    string // which no other policy of the host has
	Proto   uint8
	Timeout map[string]time.Duration
}

// TrackConfig is what the CT target asks of connection tracking.
type TrackConfig struct {
	Untracked bool
	Zone      uint16
	ZoneDir   ZoneDirection
	ZoneMark  bool // the zone is the packet's mark
	Helper    string
	Timeout   string
	SynProxy  bool // the connection is one that SYNPROXY opens
	// Template is what extensions see of the connection until the packet is
	// tracked. Only its mark outlasts the packet; nil begins with none.
	Template *Conn
}
