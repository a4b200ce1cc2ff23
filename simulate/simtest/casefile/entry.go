package casefile

import (
	"strings"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// traced reports whether the kernel's trace is among the lines.
func traced(want string) bool {
	for _, l := range lines(want) {
		if strings.HasPrefix(strings.TrimSpace(l), "TRACE") {
			return true
		}
	}
	return false
}

// describe writes one branch of a packet as indented lines.
func describe(b *strings.Builder, r *simulate.Result, traced bool) {
	b.WriteString("\t")
	if r.Chance != 1 {
		b.WriteString(r.Probability().RatString() + " ")
	}
	b.WriteString(r.Fate.String())
	switch {
	case r.Err != nil:
		b.WriteString(": " + strings.ReplaceAll(r.Err.Error(), "\n", " "))
	case r.Fate.Passed():
		b.WriteString(" " + parser.FormatPacket(r.OutDev, r.Packet))
	}
	switch place := r.By.Place(); {
	case r.Err != nil:
	case place != "":
		b.WriteString(" (" + place + ")")
	case !r.Fate.Passed():
		b.WriteString(" (" + r.By.Detail() + ")")
	}
	b.WriteString("\n")
	for _, a := range r.Answers {
		b.WriteString("\tanswer " + parser.FormatPacket(a.Dev, a) + "\n")
	}
	for _, l := range r.Logs() {
		b.WriteString("\tlog " + strings.TrimRight(l, " ") + "\n")
	}
	if !traced {
		return
	}
	for _, l := range r.Trace() {
		b.WriteString("\tTRACE: " + strings.TrimRight(l, " ") + "\n")
	}
}
