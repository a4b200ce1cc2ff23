package netfilter

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
	// SetupNAT decides the address translation of the packet's connection.
	SetupNAT(m Manip, r NATRange) Verdict
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
