package nfttext_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// TestBlocksGrowWithTheText holds the memory for many blocks of one table to a multiple
// of that for a few.
func TestBlocksGrowWithTheText(t *testing.T) {
	allocated := func(n int) uint64 {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "table ip t {\n\tchain c%d {\n\t\taccept\n\t}\n}\n", i)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := nfttext.Parse(b.String(), nfttext.ReadOptions{})
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		return after.TotalAlloc - before.TotalAlloc
	}
	const few, factor = 300, 8
	small, large := allocated(few), allocated(few*factor)
	require.Less(t, large, 2*factor*small)
}
