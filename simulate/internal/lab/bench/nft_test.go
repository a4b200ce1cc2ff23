package bench

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/simulate"
)

func loadNFT(tb testing.TB, text string) *simulate.Node {
	tb.Helper()
	rs, err := nfttext.Parse(text, nfttext.ReadOptions{})
	require.NoError(tb, err)
	node, err := simulate.New(Host(), eval.New(rs))
	require.NoError(tb, err)
	return node
}

// BenchmarkNewNFT sends the first packet of a connection through the rules of
// nftables for the same services as BenchmarkNew.
func BenchmarkNewNFT(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		c := Cluster{Services: n}
		b.Run(c.String(), func(b *testing.B) { benchmarkNew(b, loadNFT(b, c.NFT()), build(b, c.Request())) })
	}
}

// BenchmarkLoadNFT parses and loads them.
func BenchmarkLoadNFT(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		c := Cluster{Services: n}
		text := c.NFT()
		b.Run(fmt.Sprint(c), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				loadNFT(b, text)
			}
		})
	}
}
