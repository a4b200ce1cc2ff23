package nft_test

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// differences lists where the simulator says something else than the kernel: of
// what left, of what the sender is told, of the lines of LOG, and of events.
func differences(want kernel.Answer, got *simulate.Result, events []string) []string {
	if got.Err != nil {
		return []string{"undecided: " + got.Err.Error()}
	}
	var d []string
	if !strings.EqualFold(want.Err, got.SendError) {
		d = append(d, fmt.Sprintf("sender: kernel %q, simulator %q", want.Err, got.SendError))
	}
	d = append(d, diff("left", masked(oracle.LeftKernel(want, got)), masked(oracle.LeftSimulator(got)))...)
	_, caused := oracle.CausedLines(got)
	d = append(d, diff("log", logs(want.Log), logs(append(got.Logs(), caused...)))...)
	return append(d, events...)
}

func diff(what string, want, got []string) []string {
	var d []string
	for i := range max(len(want), len(got)) {
		w, g := "-", "-"
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if w != g {
			d = append(d, fmt.Sprintf("%s %d:\n  kernel    %s\n  simulator %s", what, i+1, w, g))
		}
	}
	return d
}

// identification is that of a packet, which is the kernel's choice for what the
// host says itself.
var identification = regexp.MustCompile(`\b(ID|FLOWLBL)=\d+`)

// timestamps is a timestamp option of IPv4 as LOG prints it, with the time of day.
var timestamps = regexp.MustCompile(`OPT \(44[0-9A-F]+\)`)

// logs returns lines of LOG in an order of their own: those of answers may stand
// among those of the packet.
func logs(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = timestamps.ReplaceAllString(identification.ReplaceAllString(l, "$1=x"), "OPT (44…)")
	}
	slices.Sort(out)
	return out
}

// masked hides the times in timestamp options of IPv4 packets, also of those that
// ICMP errors quote, and the checksums over them.
func masked(lines []string) []string {
	out := slices.Clone(lines)
	for i, l := range out {
		link, text, _ := strings.Cut(l, " ")
		w, err := hex.DecodeString(text)
		if err == nil && maskTimes(w) {
			out[i] = link + " " + hex.EncodeToString(w)
		}
	}
	slices.Sort(out)
	return out
}

func maskTimes(w []byte) bool {
	if w[0]>>4 != 4 {
		return false
	}
	h, found := w[:int(w[0]&15)*4], false
	for i := 20; i+1 < len(h) && h[i] != 0; {
		if h[i] == 1 {
			i++
			continue
		}
		n := max(int(h[i+1]), 2)
		if h[i] == 0x44 && i+4 < len(h) {
			clear(h[i+4 : min(i+n, len(h))])
			found = true
		}
		i += n
	}
	if found {
		h[10], h[11] = 0, 0
	}
	if b := w[len(h):]; w[9] == packet.ProtoICMP && len(b) >= 8+20 && (b[0] == 3 || b[0] == 11 || b[0] == 12) && maskTimes(b[8:]) {
		b[2], b[3] = 0, 0
		found = true
	}
	return found
}
