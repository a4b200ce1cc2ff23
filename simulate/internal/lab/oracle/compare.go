package oracle

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Differences lists where the simulator says something else than the kernel.
func Differences(want kernel.Answer, got *simulate.Result) []string {
	var d []string
	if got.Err != nil {
		return []string{"undecided: " + got.Err.Error()}
	}
	d = append(d, diffLines("trace", maskFragmentID(want.Trace), maskFragmentID(Traced(got)))...)
	d = append(d, diffLines("log", maskFragmentID(want.Log), maskFragmentID(got.Logs()))...)
	if !strings.EqualFold(want.Err, got.SendError) {
		d = append(d, fmt.Sprintf("sender: kernel %q, simulator %q", want.Err, got.SendError))
	}
	return append(d, diffLines("left", LeftKernel(want, got), LeftSimulator(got))...)
}

// fragmentID is the identification of an IPv6 fragment. It is the kernel's
// choice where a packet of the host's own is cut into pieces that come back by
// lo.
var fragmentID = regexp.MustCompile(`(IN=lo .* FRAG:\d+ (?:INCOMPLETE )?ID:)[0-9a-f]{8}`)

func maskFragmentID(lines []string) []string {
	out := slices.Clone(lines)
	for i := range out {
		out[i] = fragmentID.ReplaceAllString(out[i], "${1}x")
	}
	return out
}

// Traced are the lines of Trace, none for a packet no TRACE rule caught.
func Traced(r *simulate.Result) []string {
	if !slices.ContainsFunc(r.Steps, func(s simulate.Step) bool { return s.Traced }) {
		return nil
	}
	return r.Trace()
}

func diffLines(what string, want, got []string) []string {
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

// LeftKernel and LeftSimulator list what left the host in a comparable form.
// The identification, IPv6 flow label and time of the host's own packets are
// the kernel's choice.
func LeftKernel(a kernel.Answer, r *simulate.Result) []string {
	var out []string
	for _, o := range a.Out {
		own := r.OutDev == o.Iface && Identity(o.Wire) == IdentityOf(r.Packet) && !otherICMP(o.Wire, r.Packet.Wire())
		out = append(out, o.Iface+" "+comparable(o.Wire, own))
	}
	slices.Sort(out)
	return out
}

func LeftSimulator(r *simulate.Result) []string {
	var out []string
	switch {
	case r.Fragments != nil:
		for _, p := range r.Fragments {
			out = append(out, r.OutDev+" "+comparable(p.Wire(), true))
		}
	case r.OutDev != "" && !kernel.Noise(r.Packet.Wire()):
		out = append(out, r.OutDev+" "+comparable(r.Packet.Wire(), true))
	}
	for _, a := range r.Answers {
		if a.Dev != "lo" {
			out = append(out, a.Dev+" "+comparable(a.Wire(), false))
		}
	}
	slices.Sort(out)
	return out
}

// otherICMP tells an IPv4 answer apart that the kernel drew the packet's own
// identity for. Later fragments do not say what they are.
func otherICMP(answer, own []byte) bool {
	if answer[0]>>4 == 6 || answer[6]&0x1f != 0 || answer[7] != 0 || answer[9] != packet.ProtoICMP {
		return false
	}
	n, m := int(answer[0]&15)*4, int(own[0]&15)*4
	return own[9] != packet.ProtoICMP || len(answer) > n && len(own) > m && answer[n] != own[m]
}

func comparable(wire []byte, own bool) string {
	w := slices.Clone(wire)
	if w[0]>>4 == 6 && w[6] == 44 {
		clear(w[44:48]) // the identification of a fragment is the kernel's choice
	}
	if !own {
		if w[0]>>4 == 6 {
			binary.BigEndian.PutUint32(w, binary.BigEndian.Uint32(w)&^0xfffff)
		} else {
			w[4], w[5], w[10], w[11] = 0, 0, 0, 0
			if n := int(w[0]&15) * 4; w[9] == packet.ProtoICMP && w[n] == 14 {
				clear(w[n+2 : n+4])
				clear(w[n+12:])
			}
		}
	}
	return hex.EncodeToString(w)
}
