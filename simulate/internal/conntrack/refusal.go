package conntrack

import "github.com/packetpath/packetpath/netfilter"

// Refusal is why connection tracking gives a packet the state INVALID, or drops it. The
// zero value says that it does neither.
type Refusal struct {
	why   string
	state string // of the connection, if that is why
}

// String returns the reason in words, with the setting that decides if there is one; ""
// for the zero value.
func (r Refusal) String() string {
	if r.state == "" {
		return r.why
	}
	return r.why + " " + r.state
}

// Reasons that several trackers have.
const (
	cutHeader   = "the transport header is truncated"
	badLength   = "the length in the transport header is wrong"
	badChecksum = "the checksum is wrong (net.netfilter.nf_conntrack_checksum=0 turns the check off)"
	noRequest   = "it is neither a request nor the reply to one"
)

// Refusal returns why the packet that In was last called for is INVALID or dropped.
func (t *Table) Refusal() Refusal { return t.refusal }

// because notes why a packet is INVALID or dropped.
func (t *Table) because(why string) { t.refusal = Refusal{why: why} }

// refuse is because for a tracker.
func (t *Table) refuse(why string) action {
	t.because(why)
	return invalid
}

// noConn is because for a packet that belongs to no connection.
func (t *Table) noConn(why string) (*netfilter.Conn, netfilter.CTState) {
	t.because(why)
	return nil, netfilter.CTInvalid
}
