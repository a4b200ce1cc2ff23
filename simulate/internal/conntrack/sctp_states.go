package conntrack

import "strconv"

// SCTPState is a state of the SCTP tracker. The zero value is SCTPNone, which is never
// the state of a confirmed connection.
type SCTPState uint8

// The states, in the kernel's order (include/uapi/linux/netfilter/
// nf_conntrack_sctp.h, enum sctp_conntrack).
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

const sctpInvalid = NumSCTPStates

var sctpStateNames = [NumSCTPStates]string{
	"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT",
}

// String returns the name that conntrack -L prints.
func (s SCTPState) String() string {
	if s < NumSCTPStates {
		return sctpStateNames[s]
	}
	return "state?"
}

// The SCTP chunk types that the tracker handles (include/linux/sctp.h, enum sctp_cid).
const (
	chunkData             = 0
	chunkInit             = 1
	chunkInitAck          = 2
	chunkHeartbeat        = 4
	chunkHeartbeatAck     = 5
	chunkAbort            = 6
	chunkShutdown         = 7
	chunkShutdownAck      = 8
	chunkError            = 9
	chunkCookieEcho       = 10
	chunkCookieAck        = 11
	chunkShutdownComplete = 14
	numSCTPChunks         = 15
)

// sctpTable is the table of state transitions (nf_conntrack_proto_sctp.c,
// sctp_conntracks). Columns are the current states in their order. Rows begin with the
// chunk type, first for the original direction, then for the reply direction. Cells: two
// letters of the new state, "--" invalid. Chunks that are not listed, such as DATA and
// SACK, do not change the state.
const sctpTable = `
    no cl cw ce es ss sr sa hs
1   cl cl cw ce es cl cl sa cw
2   cl cl cw ce es ss sr sa cl
6   cl cl cl cl cl cl cl cl cl
7   cl cl cw ce ss ss sr sa cl
8   sa cl cw ce es sa sa sa sa
9   cl cl cw ce es ss sr sa cl
10  cl cl ce ce es ss sr sa cl
11  cl cl cw es es ss sr sa cl
14  cl cl cw ce es ss sr cl cl
4   hs cl cw ce es ss sr sa hs
5   cl cl cw ce es ss sr sa hs

1   -- cl cw ce es ss sr sa --
2   -- cw cw ce es ss sr sa --
6   -- cl cl cl cl cl cl cl --
7   -- cl cw ce sr ss sr sa --
8   -- cl cw ce es sa sa sa --
9   -- cl cw cl es ss sr sa --
10  -- cl ce ce es ss sr sa --
11  -- cl cw es es ss sr sa --
14  -- cl cw ce es ss sr cl --
4   -- cl cw ce es ss sr sa hs
5   -- cl cw ce es ss sr sa es
`

type sctpTransitions [2][numSCTPChunks][NumSCTPStates]SCTPState

var sctpNext = parseSCTPTable(sctpTable)

func parseSCTPTable(text string) (next sctpTransitions) {
	for d := range next {
		for chunk := range next[d] {
			for s := range next[d][chunk] {
				next[d][chunk][s] = SCTPState(s)
			}
		}
	}
	for _, t := range transitions(text) {
		chunk, err := strconv.Atoi(t.row)
		if err != nil || chunk >= numSCTPChunks {
			continue
		}
		next[t.dir][chunk][t.from] = sctpInvalid
		if t.to >= 0 {
			next[t.dir][chunk][t.from] = SCTPState(t.to)
		}
	}
	return next
}
