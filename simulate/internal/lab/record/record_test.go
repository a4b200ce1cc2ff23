package record

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// TestRoundTrip formats answers with all kinds of packets and parses them again.
func TestRoundTrip(t *testing.T) {
	for _, family := range []int{4, 6} {
		for seed := range uint64(30) {
			a := kernel.Answer{Trace: []string{"raw:PREROUTING:policy:2 IN=eth0 "}, Log: []string{"a: IN= OUT=eth0 "},
				OtherTrace: []string{"raw:OUTPUT:policy:2 IN= "}, OtherLog: []string{"b "}, Err: "Operation not permitted"}
			for p := range gen.Random(seed, gen.Config{Family: family}).Packets(nil) {
				a.Out = append(a.Out, kernel.Out{Iface: "eth0", Wire: p.Wire})
			}
			lines, err := Format(a)
			require.NoError(t, err)
			again, err := Parse(lines)
			require.NoError(t, err)
			require.Equal(t, a, again)
		}
	}
	_, err := Parse([]string{"lost eth0: udp 10.0.0.1:5 > 10.0.0.2:6"})
	assert.ErrorContains(t, err, `"lost eth0: udp 10.0.0.1:5 > 10.0.0.2:6": a line begins with`)
}
