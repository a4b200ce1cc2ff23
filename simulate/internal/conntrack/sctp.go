package conntrack

import "github.com/packetpath/packetpath/netfilter"

// SCTPState is a state of the SCTP tracker.
type SCTPState uint8

// The states, in the kernel's order.
const (
	SCTPNone SCTPState = iota
	SCTPClosed
	SCTPCookieWait
	SCTPCookieEchoed
	SCTPEstablished
	SCTPShutdownSent
	SCTPShutdownRecd
	SCTPShutdownAckSent
	SCTPHeartbeatSent
	NumSCTPStates
)

func (t *Table) sctpPacket(c *netfilter.Conn, rel netfilter.Relation, s *segment) action {
	return t.genericPacket(c, rel, s)
}
