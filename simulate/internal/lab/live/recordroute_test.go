package live_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestTimestampOptionOnKernel compares packets in which hosts leave the time, but
// for the time, and what the host answers them.
func TestTimestampOptionOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	node, err := kernel.Open(gen.Env())
	require.NoError(t, err)
	defer node.Close()
	const untraced = "*filter\nCOMMIT\n" // lines would show the times
	n, err := oracle.Load(oracle.Host(t, node.Env()), untraced, "")
	require.NoError(t, err)
	require.NoError(t, node.Load(untraced, "", ""))
	for i, option := range []string{
		"44080500" + "00000000",                                        // times
		"440c0900" + "0000004d" + "00000000",                           // one is there
		"440c0501" + "0000000000000000",                                // with addresses
		"44140501" + "0000000000000000" + "0000000000000000",           // of two hosts
		"440c0503" + "c000020200000000",                                // of this host, 192.0.2.2
		"44140503" + "c000020200000000" + "0a01000100000000",           // and of 10.1.0.1
		"44140503" + "c000020200000000" + "cb00710900000000",           // and of another host
		"070704" + "00000000" + "01" + "440c0501" + "0000000000000000", // beside the way
	} {
		opts, err := hex.DecodeString(option)
		require.NoError(t, err)
		for _, dst := range [][4]byte{{10, 1, 0, 4}, {192, 0, 2, 2}, {10, 1, 0, 1}} {
			p := packetFrom(t, "icmp 203.0.113.9 > 192.0.2.2 echo-request id 7 seq 1 payload \"ping\"")
			w := slices.Insert(slices.Clone(p.Wire()), 20, opts...)
			w[0], w[3] = byte(0x45+len(opts)/4), byte(len(w))
			copy(w[16:20], dst[:])
			oracle.SetIdentity(w, uint32(61000+i))
			k := kernel.Packet{In: "eth0", Wire: w}
			want, err := node.Send(k)
			require.NoError(t, err)
			got := oracle.Ask(t, n.NewSession(), node.Env(), k)
			for i := range want.Out {
				want.Out[i].Wire = withoutTimes(want.Out[i].Wire)
			}
			got.Packet.SetWire(withoutTimes(got.Packet.Wire()))
			for i := range got.Answers {
				got.Answers[i].SetWire(withoutTimes(got.Answers[i].Wire()))
			}
			assert.Empty(t, oracle.Differences(want, got), "%s to %v: %x\n%+v", option, dst, want.Out, got)
		}
	}
}

// withoutTimes returns an IPv4 packet without the times in its timestamp option,
// those after 1000 ms of the day, and the header's checksum.
func withoutTimes(wire []byte) []byte {
	w := slices.Clone(wire)
	w[10], w[11] = 0, 0
	for at := 20; at < int(w[0]&15)*4 && w[at] != 0; {
		if w[at] == 1 {
			at++
			continue
		}
		if o := w[at : at+int(w[at+1])]; o[0] == 68 {
			step := 8
			if o[3]&15 == 0 {
				step = 4
			}
			for end := 4 + step; end <= len(o); end += step {
				if o[end-4] != 0 || o[end-3] != 0 || o[end-2] > 3 {
					clear(o[end-4 : end])
				}
			}
		}
		at += int(w[at+1])
	}
	return w
}
