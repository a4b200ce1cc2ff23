package netfilter

import (
	"fmt"
	"net/netip"
	"time"
)

// Tuple identifies one direction of a connection. It is comparable.
type Tuple struct {
	Src, Dst netip.Addr
	Proto    uint8
	// SrcPort and DstPort are the ports; for ICMP and ICMPv6 queries the
	// identifier and type<<8|code; 0 for protocols that are told apart by
	// their addresses only (include/net/netfilter/nf_conntrack_tuple.h).
	SrcPort, DstPort uint16
}

// String returns "tcp 10.0.0.1:1024 > 10.0.0.2:80"-like text with the protocol
// as a number.
func (t Tuple) String() string {
	return fmt.Sprintf("%d %s > %s", t.Proto, netip.AddrPortFrom(t.Src, t.SrcPort), netip.AddrPortFrom(t.Dst, t.DstPort))
}

// Direction is a direction of a connection. The zero value is Original.
type Direction uint8

// The directions, as conntrack calls them.
const (
	Original Direction = iota // of the packet that opened the connection
	Reply
)

// ConnStatus are the status bits of a connection (include/uapi/linux/netfilter/
// nf_conntrack_common.h, enum ip_conntrack_status).
type ConnStatus uint32

// The status bits.
const (
	ConnExpected ConnStatus = 1 << iota
	ConnSeenReply
	ConnAssured
	ConnConfirmed
	ConnSrcNAT
	ConnDstNAT
	ConnSeqAdjust
	ConnSrcNATDone
	ConnDstNATDone
	ConnDying
	ConnFixedTimeout
	ConnTemplate
	ConnUntracked
	ConnHelper
	ConnOffload
)

// Conn is an entry of the connection table.
type Conn struct {
	Tuples [2]Tuple // by Direction; the reply tuple is what an answer will look like
	Zone   uint16
	// ZoneDir says for which directions the zone holds, as in TrackConfig: 0
	// both, 1 original, 2 reply; the other direction is in zone 0.
	ZoneDir uint8
	Status  ConnStatus
	Mark    uint32
	// Labels are the 128 bits of connlabel. They exist only if HasLabels.
	Labels    [16]byte
	HasLabels bool
	// Counters count packets by Direction. They exist only if HasCounters
	// (nf_conntrack_acct was on when the entry was made).
	Counters    [2]Counters
	HasCounters bool
	// Expires is when the entry goes, by the session's clock. Until the entry is
	// confirmed it is the zero time plus the timeout, as in the kernel, where
	// the same field counts from the confirmation.
	Expires time.Time
	Master  *Conn     // of an expected connection
	Helper  string    // name of the helper attached, "" for none
	Proto   ConnProto // state of the protocol tracker; nil if it keeps none
	Timeout string    // timeout policy of CT --timeout; "" for the usual timeouts
	OutDev  string    // link recorded by MASQUERADE; "" for none
	// SynProxy is what SYNPROXY knows of a connection that it opened.
	SynProxy SynProxied
	// SeqOffset is what is added to the sequence numbers of each direction, if
	// Status has ConnSeqAdjust.
	SeqOffset [2]uint32
}

// SynProxied is what SYNPROXY keeps of a connection to turn the numbers of the
// server into those that the client was answered with (include/net/netfilter/
// nf_conntrack_synproxy.h, struct nf_conn_synproxy).
type SynProxied struct {
	On      bool   // SYNPROXY opened the connection
	ISN     uint32 // the first sequence number the client was given
	Stamp   uint32 // the first timestamp the client was given
	StampBy uint32 // what the server's timestamps are ahead of it
}

// ConnProto is what a protocol tracker remembers of a connection.
type ConnProto interface {
	// String returns the state as conntrack -L prints it, such as
	// "ESTABLISHED"; "" for protocols without states.
	String() string
	// Clone returns an independent copy.
	Clone() ConnProto
}

// Relation is how a packet relates to connection tracking (enum
// ip_conntrack_info). The zero value is Invalid.
type Relation uint8

// The relations.
const (
	Invalid          Relation = iota // no connection could be found or made
	Untracked                        // exempted by CT --notrack, or a kind that is never tracked
	New                              // opens a connection
	Established                      // original direction, an answer was seen
	EstablishedReply                 // reply direction
	Related                          // an ICMP error about it, or an expected connection
	RelatedReply                     // the same in reply direction
)

// Direction returns the direction a tracked packet goes.
func (r Relation) Direction() Direction {
	if r == EstablishedReply || r == RelatedReply {
		return Reply
	}
	return Original
}

var relationNames = [...]string{"INVALID", "UNTRACKED", "NEW", "ESTABLISHED", "ESTABLISHED", "RELATED", "RELATED"}

// String returns the state as --ctstate names it.
func (r Relation) String() string {
	if int(r) < len(relationNames) {
		return relationNames[r]
	}
	return "relation?"
}
