package oracle

import (
	"regexp"
	"strings"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// AnswerDifferences lists where the lines of TRACE and LOG about the packets that
// the host sent on its own differ.
func AnswerDifferences(want kernel.Answer, got *simulate.Result) []string {
	if got.Err != nil {
		return nil
	}
	trace, log := CausedLines(got)
	return append(diffLines("trace of answers", maskOwnIDs(want.OtherTrace, trace), maskOwnIDs(trace, trace)),
		diffLines("log of answers", maskOwnIDs(want.OtherLog, log), maskOwnIDs(log, log))...)
}

// CausedLines returns the lines about the packets that a packet caused. Those about
// copies that TEE made, which have its identity, are among its own.
func CausedLines(r *simulate.Result) (trace, log []string) {
	for _, c := range r.Caused {
		if !isCopy(c, r) {
			trace, log = append(trace, Traced(c)...), append(log, c.Logs()...)
		}
		t, l := CausedLines(c)
		trace, log = append(trace, t...), append(log, l...)
	}
	return trace, log
}

func isCopy(c, of *simulate.Result) bool {
	return c.Packet.IsValid() && of.Packet.IsValid() && IdentityOf(c.Packet) != 0 && IdentityOf(c.Packet) == IdentityOf(of.Packet)
}

// ownID is the identification or flow label of a packet. Those of the host's own
// packets are the kernel's choice.
var ownID = regexp.MustCompile(`^(.*? SRC=\S+ DST=\S+ LEN=\d+ (?:TOS=\S+ PREC=\S+ TTL=\d+ ID|TC=\d+ HOPLIMIT=\d+ FLOWLBL)=)\d+`)

// quotedID is that of the packet that an ICMP error quotes.
var quotedID = regexp.MustCompile(`( \[SRC=\S+ DST=\S+ LEN=\d+ (?:TOS=\S+ PREC=\S+ TTL=\d+ ID|TC=\d+ HOPLIMIT=\d+ FLOWLBL)=)\d+`)

// maskOwnIDs hides the identifications of the host's own packets, which the
// simulator, whose lines are given, leaves 0; also in quotes.
func maskOwnIDs(lines, simulator []string) []string {
	out := maskFragmentID(lines)
	for i := range out {
		out[i] = ownID.ReplaceAllString(out[i], "${1}x")
		if i < len(simulator) && strings.HasSuffix(quotedID.FindString(simulator[i]), "=0") {
			out[i] = quotedID.ReplaceAllString(out[i], "${1}x")
		}
	}
	return out
}
