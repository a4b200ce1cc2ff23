package match_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The kernel cannot be asked: what it says of an entry that is not confirmed
// depends on how long it has been up.
func TestConntrackExpireBeforeConfirmation(t *testing.T) {
	m := readMatch(t, "-m conntrack --ctexpire 0")
	c := packetContext(t, m)
	require.False(t, m.Match(c))
	c.Conn.Status, c.Conn.Expires = 0, time.Time{}.Add(time.Minute)
	require.True(t, m.Match(c))
	require.False(t, readMatch(t, "-m conntrack ! --ctexpire 0").Match(c))
}
