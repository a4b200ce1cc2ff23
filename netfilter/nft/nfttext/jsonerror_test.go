package nfttext_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// TestJSONStatements refuses a statement where a list of them belongs; nft complains,
// but goes on without it.
func TestJSONStatements(t *testing.T) {
	const text = `{"nftables": [{"add": {"table": {"family": "ip", "name": "t"}}},
{"add": {"set": {"family": "ip", "table": "t", "name": "s", "type": "ipv4_addr", "flags": ["timeout"], "stmt": {"counter": null}}}}]}`
	_, err := nfttext.Parse(text, nfttext.ReadOptions{})
	require.ErrorContains(t, err, `value of property "stmt" must be an array`)
}
