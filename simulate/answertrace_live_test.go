package simulate_test

import (
	"regexp"
	"slices"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/kernel"
)

// answerDifferences lists where the lines of TRACE and LOG about the packets that
// the host sent on its own differ.
func answerDifferences(want kernel.Answer, got *simulate.Result) []string {
	if got.Err != nil {
		return nil
	}
	trace, log := causedLines(got)
	return append(diffLines("trace of answers", maskOwnID(want.OtherTrace), maskOwnID(trace)),
		diffLines("log of answers", maskOwnID(want.OtherLog), maskOwnID(log))...)
}

// causedLines returns the lines about the packets that a packet caused.
func causedLines(r *simulate.Result) (trace, log []string) {
	for _, c := range r.Caused {
		t, l := causedLines(c)
		trace = slices.Concat(trace, tracedLines(c), t)
		log = slices.Concat(log, c.Logs(), l)
	}
	return trace, log
}

// ownID is the identification or flow label of a packet. Those of the host's own
// packets are the kernel's choice.
var ownID = regexp.MustCompile(`^(.*? SRC=\S+ DST=\S+ LEN=\d+ (?:TOS=\S+ PREC=\S+ TTL=\d+ ID|TC=\d+ HOPLIMIT=\d+ FLOWLBL)=)\d+`)

func maskOwnID(lines []string) []string {
	out := maskFragmentID(lines)
	for i := range out {
		out[i] = ownID.ReplaceAllString(out[i], "${1}x")
	}
	return out
}
