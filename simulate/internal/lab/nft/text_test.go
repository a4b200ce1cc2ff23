package nft_test

import (
	"regexp"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// textDifferences lists where the trace in words differs from what nft monitor
// trace printed.
func textDifferences(want []string, got *simulate.Result) []string {
	return diff("monitor", monitored(want), monitored(append(oracle.Traced(got), causedTraces(got)...)))
}

func causedTraces(r *simulate.Result) []string {
	var lines []string
	for _, c := range r.Caused {
		lines = append(append(lines, oracle.Traced(c)...), causedTraces(c)...)
	}
	return lines
}

var (
	traceID = regexp.MustCompile(`^trace id [0-9a-f]{8} `)
	// The text of rules is compared where listings are.
	ruleText = regexp.MustCompile(` rule .* \(verdict`)
	// A timestamp option holds the time of day.
	stampOption = regexp.MustCompile(`@nh,(\d+,\d+) 0x44[0-9a-f]+`)
	// What the kernel chooses of packets of the host's own.
	ownChoice = regexp.MustCompile(`\b(ip id|ip6 flowlabel) \d+`)
	quoted    = regexp.MustCompile(`@(th|nh),(\d+),(\d+) 0x[0-9a-f]+`)
)

// monitored masks what the kernel chooses, and sorts: events of answers may stand
// among those of the packet.
func monitored(lines []string) []string {
	var out []string
	for _, l := range lines {
		if !strings.HasPrefix(l, "trace id ") {
			continue
		}
		l = ruleText.ReplaceAllString(traceID.ReplaceAllString(l, ""), " rule (verdict")
		if !strings.Contains(l, "ether saddr") { // the host made it
			l = quoted.ReplaceAllString(ownChoice.ReplaceAllString(l, "$1 x"), "@$1,$2,$3 x")
		}
		out = append(out, stampOption.ReplaceAllString(l, "@nh,$1 times"))
	}
	slices.Sort(out)
	return out
}
