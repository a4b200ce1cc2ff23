package conntrack

import (
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TCPState is a state of the TCP tracker. The zero value is TCPNone, which is never the
// state of a confirmed connection.
type TCPState uint8

// The states, in the kernel's order (include/uapi/linux/netfilter/
// nf_conntrack_tcp.h, enum tcp_conntrack).
const (
	TCPNone TCPState = iota
	TCPSynSent
	TCPSynRecv
	TCPEstablished
	TCPFinWait
	TCPCloseWait
	TCPLastAck
	TCPTimeWait
	TCPClose
	TCPSynSent2
	NumTCPStates
)

// Results of the table that are not states.
const (
	tcpInvalid TCPState = NumTCPStates + iota
	tcpIgnore           // the segment is accepted and the state does not change
)

var tcpStateNames = [NumTCPStates]string{
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
}

// String returns the name that conntrack -L prints.
func (s TCPState) String() string {
	if s < NumTCPStates {
		return tcpStateNames[s]
	}
	return "state?"
}

// tcpKind is the kind of a segment according to its flags: the first that is set in the
// order RST, SYN, FIN, ACK (get_conntrack_index).
type tcpKind uint8

const (
	tcpSyn tcpKind = iota
	tcpSynAck
	tcpFin
	tcpAck
	tcpRst
	tcpNone
	numTCPKinds
)

func kindOf(f packet.TCPFlags) tcpKind {
	switch {
	case f&packet.RST != 0:
		return tcpRst
	case f&(packet.SYN|packet.ACK) == packet.SYN|packet.ACK:
		return tcpSynAck
	case f&packet.SYN != 0:
		return tcpSyn
	case f&packet.FIN != 0:
		return tcpFin
	case f&packet.ACK != 0:
		return tcpAck
	}
	return tcpNone
}

// tcpTable is the table of state transitions (nf_conntrack_proto_tcp.c,
// tcp_conntracks). Columns are the current states in their order, rows are the kinds of
// segments, first for the original direction, then for the reply direction; a segment
// without any of these flags is always invalid. Cells: two letters of the new state,
// "--" invalid, "ig" ignored.
const tcpTable = `
     no ss sr es fw cw la tw cl s2
syn  ss ss ig ig ig ig ig ss ss s2
s+a  -- -- sr -- -- -- -- -- -- sr
fin  -- -- fw fw la la la tw cl --
ack  es -- es es cw cw tw tw cl --
rst  -- cl cl cl cl cl cl cl cl cl

syn  -- s2 -- -- -- -- -- ss -- s2
s+a  -- sr ig ig ig ig ig ig ig sr
fin  -- -- fw fw la la la tw cl --
ack  -- ig sr es cw cw tw tw cl ig
rst  -- cl cl cl cl cl cl cl cl cl
`

var tcpNext = parseTCPTable(tcpTable)

type tcpTransitions [2][numTCPKinds][NumTCPStates]TCPState

func parseTCPTable(text string) (next tcpTransitions) {
	for d := range next {
		for kind := range next[d] {
			for s := range next[d][kind] {
				next[d][kind][s] = tcpInvalid
			}
		}
	}
	kinds := map[string]tcpKind{"syn": tcpSyn, "s+a": tcpSynAck, "fin": tcpFin, "ack": tcpAck, "rst": tcpRst}
	for _, t := range transitions(text) {
		cell := &next[t.dir][kinds[t.row]][t.from]
		switch {
		case t.to >= 0:
			*cell = TCPState(t.to)
		case t.cell == "ig":
			*cell = tcpIgnore
		}
	}
	return next
}
