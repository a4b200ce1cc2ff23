package cbpf_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/bpf"

	"github.com/packetpath/packetpath/netfilter/internal/cbpf"
)

// ancillary knows the packet's mark, and the link layer header if known is set.
type ancillary struct {
	header []byte
	known  bool
}

func (f ancillary) Load(number uint32) (uint32, bool) { return 7, number == cbpf.ADMark }

func (f ancillary) LinkHeader() ([]byte, bool) { return f.header, f.known }

var packet = []byte{0x45, 1, 2, 3, 0xf0, 0, 0, 8}

type program = []bpf.RawInstruction

// result ends a program that matches if A is v.
func result(v uint32, before ...bpf.RawInstruction) program {
	return append(before, bpf.RawInstruction{Op: 0x15, Jf: 1, K: v}, bpf.RawInstruction{Op: 6, K: 1}, bpf.RawInstruction{Op: 6})
}

func TestRunMatchesAsTheKernelDoes(t *testing.T) {
	lan := ancillary{header: []byte{0xaa, 0xbb}, known: true}
	for name, c := range map[string]struct {
		data ancillary
		code program
	}{
		"a word":                             {code: result(0x45010203, bpf.RawInstruction{Op: 0x20})},
		"half a word from the IP header":     {code: result(0x0203, bpf.RawInstruction{Op: 0x28, K: 0xfff00002})},
		"a byte of the link header":          {data: lan, code: result(0xbb, bpf.RawInstruction{Op: 0x30, K: 0xffe00001})},
		"from the link header into the IP's": {data: lan, code: result(0xbb45, bpf.RawInstruction{Op: 0x28, K: 0xffe00001})},
		"a byte, with a link header at hand": {data: lan, code: result(0xf0, bpf.RawInstruction{Op: 1, K: 4}, bpf.RawInstruction{Op: 0x50},
			bpf.RawInstruction{Op: 2}, bpf.RawInstruction{Op: 0x30, K: 0xffe00000}, bpf.RawInstruction{Op: 0x60})},
		"an offset that wraps":       {code: result(1, bpf.RawInstruction{Op: 1, K: 4}, bpf.RawInstruction{Op: 0x50, K: 0xfffffffd})},
		"X outlives a load":          {code: result(5, bpf.RawInstruction{Op: 1, K: 5}, bpf.RawInstruction{Op: 0x50}, bpf.RawInstruction{Op: 0x87})},
		"X leads to the IP header":   {code: result(0x45, bpf.RawInstruction{Op: 1, K: 0xfff00000}, bpf.RawInstruction{Op: 0x50})},
		"X leads to the link header": {data: lan, code: result(0xaa, bpf.RawInstruction{Op: 1, K: 0xffe00000}, bpf.RawInstruction{Op: 0x50})},
		"the length in A":            {code: result(8, bpf.RawInstruction{Op: 0x80})},
		"the length in X":            {code: result(8, bpf.RawInstruction{Op: 0x81}, bpf.RawInstruction{Op: 0x87})},
		"the header's length":        {code: result(20, bpf.RawInstruction{Op: 0xb1}, bpf.RawInstruction{Op: 0x87})},
		"ancillary data":             {code: result(7, bpf.RawInstruction{Op: 0x20, K: 0xfffff000 + cbpf.ADMark})},
		"no fact but A ^ X":          {code: result(6, bpf.RawInstruction{Op: 0, K: 5}, bpf.RawInstruction{Op: 1, K: 3}, bpf.RawInstruction{Op: 0x20, K: 0xfffff028})},
		"shift by 33":                {code: result(6, bpf.RawInstruction{Op: 0, K: 3}, bpf.RawInstruction{Op: 1, K: 33}, bpf.RawInstruction{Op: 0x6c})},
		"X outlives a shift":         {code: result(33, bpf.RawInstruction{Op: 1, K: 33}, bpf.RawInstruction{Op: 0x7c}, bpf.RawInstruction{Op: 0x87})},
		"negation":                   {code: result(0xfffffffd, bpf.RawInstruction{Op: 0, K: 3}, bpf.RawInstruction{Op: 0x84})},
		"memory":                     {code: result(9, bpf.RawInstruction{Op: 0, K: 9}, bpf.RawInstruction{Op: 2, K: 15}, bpf.RawInstruction{Op: 0}, bpf.RawInstruction{Op: 0x60, K: 15})},
		"a jump":                     {code: result(4, bpf.RawInstruction{Op: 0, K: 4}, bpf.RawInstruction{Op: 5, K: 1}, bpf.RawInstruction{Op: 0, K: 5})},
		"a result in A":              {code: program{{Op: 0x20}, {Op: 0x16}}},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, cbpf.Check(c.code))
			holds, err := cbpf.Run(c.code, packet, c.data)
			require.NoError(t, err)
			assert.True(t, holds)
		})
	}
}

func TestRunEndsWithZero(t *testing.T) {
	for name, code := range map[string]program{
		"a load beyond the end":            {{Op: 0x20, K: 5}, {Op: 6, K: 1}},
		"a load before the packet":         {{Op: 0x20, K: 0x80000000}, {Op: 6, K: 1}},
		"X leads before the packet":        {{Op: 1, K: 1}, {Op: 0x50, K: 0xfffffffe}, {Op: 6, K: 1}},
		"a division by zero":               {{Op: 0x3c}, {Op: 6, K: 1}},
		"a link header that there is none": {{Op: 0x30, K: 0xffe00000}, {Op: 6, K: 1}},
		"0 in A":                           {{Op: 0x16}},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, cbpf.Check(code))
			holds, err := cbpf.Run(code, packet, ancillary{known: true})
			require.NoError(t, err)
			assert.False(t, holds)
		})
	}
}

func TestRunNamesWhatIsNotKnown(t *testing.T) {
	full := program{{Op: 0}}
	for n := range uint32(15) {
		full = append(full, bpf.RawInstruction{Op: 2, K: n})
	}
	for want, code := range map[string]program{
		"the program loads the ancillary data at offset 28, which is not known here": {{Op: 0x20, K: 0xfffff01c}, {Op: 6}},
		"link layer header":              {{Op: 0x30, K: 0xffe00000}, {Op: 6}},
		"leave two of the 16 words free": append(full, bpf.RawInstruction{Op: 0x6c}, bpf.RawInstruction{Op: 6}),
	} {
		require.NoError(t, cbpf.Check(code))
		_, err := cbpf.Run(code, packet, ancillary{})
		assert.ErrorContains(t, err, want)
	}
}

// FuzzRun looks for programs that Check takes and Run cannot run.
func FuzzRun(f *testing.F) {
	f.Add([]byte{0x20, 0, 0, 0, 0, 0, 0, 0, 0x16, 0, 0, 0, 0, 0, 0, 0}, packet)
	f.Fuzz(func(t *testing.T, text, packet []byte) {
		var code program
		for ; len(text) >= 8; text = text[8:] {
			code = append(code, bpf.RawInstruction{Op: binary.LittleEndian.Uint16(text), Jt: text[2], Jf: text[3], K: binary.LittleEndian.Uint32(text[4:])})
		}
		if cbpf.Check(code) != nil {
			return
		}
		if _, err := cbpf.Run(code, packet, ancillary{header: []byte{1, 2}, known: true}); err != nil {
			assert.Regexp(t, "ancillary data at offset|leave two", err)
		}
	})
}

// BenchmarkRun runs a program that tells TCP to port 53 apart.
func BenchmarkRun(b *testing.B) {
	code := program{{Op: 0x30, K: 9}, {Op: 0x15, Jf: 4, K: 6}, {Op: 0xb1}, {Op: 0x48, K: 2}, {Op: 0x15, Jf: 1, K: 53}, {Op: 0x6, K: 1}, {Op: 0x6}}
	segment := append(bytes.Repeat([]byte{0x45}, 9), 6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 53)
	require.NoError(b, cbpf.Check(code))
	b.ReportAllocs()
	for b.Loop() {
		if holds, err := cbpf.Run(code, segment, ancillary{}); !holds || err != nil {
			b.Fatal(holds, err)
		}
	}
}
