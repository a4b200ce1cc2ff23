package nfttext_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// steps is a case of transactions.nft.
type steps struct {
	name  string
	texts []string
	want  string // the listing after all texts, or "refused"
}

// transactions reads the cases of transactions.nft.
func transactions(t testing.TB) []steps {
	b, err := os.ReadFile("../../../testdata/nft/transactions.nft")
	require.NoError(t, err)
	var out []steps
	for _, c := range strings.Split(string(b), "\n---- ")[1:] {
		name, rest, _ := strings.Cut(c, "\n")
		texts, want, ok := strings.Cut(rest, "\n=> ")
		require.True(t, ok, name)
		out = append(out, steps{name, strings.Split(texts, "\n====\n"), strings.TrimSuffix(want, "\n")})
	}
	require.NotEmpty(t, out)
	return out
}

// TestTransactions loads texts one after the other, as nft -f does.
func TestTransactions(t *testing.T) {
	for _, c := range transactions(t) {
		r, err := &nft.Ruleset{}, error(nil)
		for i, text := range c.texts {
			if r, err = nfttext.Apply(r, text, nfttext.ReadOptions{}); err != nil {
				require.Equal(t, len(c.texts)-1, i, "%s: %v", c.name, err)
				break
			}
		}
		got := "refused"
		if err == nil {
			got = strings.TrimSuffix(nfttext.List(r, nfttext.Options{}), "\n")
		}
		require.Equal(t, c.want, got, "%s: %v", c.name, err)
	}
}

// TestLiveTransactions compares them with the machine's nft.
func TestLiveTransactions(t *testing.T) {
	for _, c := range transactions(t) {
		require.Equal(t, c.want, strings.TrimSuffix(nftLoads(t, c.texts...), "\n"), c.name)
	}
}
