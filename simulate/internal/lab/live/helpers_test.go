package live_test

import (
	"regexp"
	"strings"
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

var anyID = regexp.MustCompile(` ID=\d+ `)

// maskIDs hides the identifications of packets, and leaves out the blank at the
// end of each line.
func maskIDs(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.TrimRight(anyID.ReplaceAllString(l, " ID=x "), " ")
	}
	return out
}
