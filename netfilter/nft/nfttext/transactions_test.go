package nfttext_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// steps is a case of a file of testdata/nft that ends in nft.
type steps struct {
	name    string
	release nfttext.Release // of nft that was asked
	texts   []string
	want    string // the listing after all texts, or "refused"
}

// transactions reads the cases of all files.
func transactions(t testing.TB) []steps {
	var out []steps
	for file, release := range map[string]nfttext.Release{"transactions.nft": nfttext.Release106, "json.nft": nfttext.Release106, "json117.nft": nfttext.Release117} {
		b, err := os.ReadFile("../../../testdata/nft/" + file)
		require.NoError(t, err)
		for _, c := range strings.Split(string(b), "\n---- ")[1:] {
			name, rest, _ := strings.Cut(c, "\n")
			texts, want, ok := strings.Cut(rest, "\n=> ")
			require.True(t, ok, name)
			out = append(out, steps{file + ": " + name, release, strings.Split(texts, "\n====\n"), strings.TrimSuffix(want, "\n")})
		}
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
				assert.Equal(t, len(c.texts)-1, i, "%s: %v", c.name, err)
				break
			}
		}
		got := "refused"
		if err == nil {
			got = strings.TrimSuffix(nfttext.List(r, nfttext.Options{Release: c.release}), "\n")
		}
		assert.Equal(t, c.want, got, "%s: %v", c.name, err)
	}
}

// TestLiveTransactions compares those of nft 1.0.6 with the machine's nft.
func TestLiveTransactions(t *testing.T) {
	for _, c := range transactions(t) {
		if c.release != nfttext.Release106 {
			continue
		}
		assert.Equal(t, c.want, strings.TrimSuffix(nftLoads(t, c.texts...), "\n"), c.name)
	}
}
