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
	// SrcPort and DstPort are the ports; for ICMP and ICMPv6 queries the identifier
	// and type<<8|code; 0 for protocols whose connections are identified by
	// addresses alone (include/net/netfilter/nf_conntrack_tuple.h).
	SrcPort, DstPort uint16
}

// String returns "tcp 10.0.0.1:1024 > 10.0.0.2:80"-like text with the protocol
// as a number.
func (t Tuple) String() string {
	return fmt.Sprintf("%d %s > %s", t.Proto, netip.AddrPortFrom(t.Src, t.SrcPort), netip.AddrPortFrom(t.Dst, t.DstPort))
}

// Direction is a direction of a connection. The zero value is
// DirOriginal.
type Direction uint8

// The directions, as conntrack calls them.
const (
	DirOriginal Direction = iota // direction of the packet that created the entry
	DirReply
)

// ZoneDirection says in which directions of a connection a conntrack zone
// applies (include/net/netfilter/nf_conntrack_zones.h, struct
// nf_conntrack_zone, dir). The zero value is ZoneBoth.
type ZoneDirection uint8

// The directions of zones.
const (
	ZoneBoth ZoneDirection = iota
	ZoneOriginal
	ZoneReply
)

// Has reports whether the zone applies in direction d.
func (z ZoneDirection) Has(d Direction) bool {
	return z == ZoneBoth || z == ZoneOriginal+ZoneDirection(d)
}

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
	Tuples [2]Tuple // by Direction; the reply tuple is that of the expected reply packets
	Zone   uint16
	// ZoneDir says in which directions Zone applies; the others use zone 0.
	ZoneDir ZoneDirection
	Status  ConnStatus
	Mark    uint32
	// Labels are the 128 bits of connlabel; they are valid only if HasLabels is
	// set.
	Labels    [16]byte
	HasLabels bool
	// Counters count packets and bytes by Direction; they are valid only if
	// HasCounters is set (net.netfilter.nf_conntrack_acct was 1 when the entry was
	// created).
	Counters    [2]Counters
	HasCounters bool
	// Expires is the time at which the entry times out, by the session's clock.
	// Until the entry is confirmed it is the zero time plus the timeout, as in the
	// kernel, where the same field counts from the confirmation.
	Expires time.Time
	Master  *Conn     // of an expected connection: the connection that expected it; else nil
	Helper  string    // name of the helper attached, "" for none
	Proto   ConnProto // state of the protocol tracker; nil for protocols without state
	Timeout string    // timeout policy of CT --timeout; "" for the default timeouts
	OutDev  string    // link recorded by MASQUERADE; "" for none
	// SynProxy is the SYNPROXY state of the connection.
	SynProxy SynProxyConn
	// SeqOffset is added to the TCP sequence numbers of packets in each direction,
	// modulo 2³², if Status has ConnSeqAdjust.
	SeqOffset [2]uint32
}

// SynProxyConn is the state SYNPROXY keeps per connection to translate the
// server's sequence numbers and timestamps into those it sent to the client
// (include/net/netfilter/nf_conntrack_synproxy.h, struct nf_conn_synproxy). The
// zero value is a connection that SYNPROXY did not open.
type SynProxyConn struct {
	Active           bool   // SYNPROXY opened the connection
	ISN              uint32 // initial sequence number sent to the client
	InitialTimestamp uint32 // first timestamp sent to the client
	TimestampOffset  uint32 // the server's timestamps minus those sent to the client
}

// ConnProto is the state of a connection's protocol tracker (TCP, SCTP, DCCP
// and so on).
type ConnProto interface {
	// String returns the state as conntrack -L prints it, such as
	// "ESTABLISHED"; "" for protocols without states.
	String() string
	// Clone returns an independent copy.
	Clone() ConnProto
}

// CTState is how a packet relates to connection tracking (include/uapi/linux/
// netfilter/nf_conntrack_common.h, enum ip_conntrack_info). The zero value is
// CTInvalid.
type CTState uint8

// The states.
const (
	CTInvalid          CTState = iota // no entry was found or could be created
	CTUntracked                       // exempted by CT --notrack, or of a type that is never tracked
	CTNew                             // first packet of a new connection
	CTEstablished                     // original direction; a reply has been seen
	CTEstablishedReply                // reply direction
	CTRelated                         // an ICMP error about a connection, or an expected connection
	CTRelatedReply                    // the same in reply direction
)

// Direction returns the direction of a tracked packet within its connection.
func (s CTState) Direction() Direction {
	if s == CTEstablishedReply || s == CTRelatedReply {
		return DirReply
	}
	return DirOriginal
}

var ctStateNames = [...]string{"INVALID", "UNTRACKED", "NEW", "ESTABLISHED", "ESTABLISHED", "RELATED", "RELATED"}

// String returns the state as --ctstate names it.
func (s CTState) String() string {
	if int(s) < len(ctStateNames) {
		return ctStateNames[s]
	}
	return "state?"
}
