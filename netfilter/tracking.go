package netfilter

// Accounting is implemented by extensions that make new connections count their
// packets (net.netfilter.nf_conntrack_acct).
type Accounting interface {
	NeedsAccounting() bool
}

// Labelling is implemented by extensions that make new connections have labels
// (net/netfilter/nf_conntrack_labels.c, nf_connlabels_get).
type Labelling interface {
	NeedsLabels() bool
}

// Connections is what extensions may ask of the connection table beyond the
// packet's own connection. It is part of Engine.
type Connections interface {
	// TupleOf returns the tuple of the packet as it is; false if it has none, as
	// when it is cut short.
	TupleOf(c *Context) (Tuple, bool)
	// FindConn returns the connection that packets with this tuple belong to,
	// nil if there is none in the table. The zone is as in TrackConfig.
	FindConn(t Tuple, zone uint16, dir ZoneDirection) *Conn
}
