package live_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

func packetFrom(t testing.TB, text string) netfilter.Packet {
	t.Helper()
	_, p, err := parser.ParsePacket(text)
	require.NoError(t, err)
	return p
}

// list returns the connections of a session as text.
func list(s *simulate.Session) []string {
	var out []string
	for c := range s.Conns() {
		out = append(out, c.String())
	}
	return out
}
