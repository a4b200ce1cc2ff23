package casefile

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// router has a session of which the later packets depend on the first.
const router = `-- host --
link lan 10.0.0.1/24
link wan 192.0.2.1/24
-- rules --
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -i lan -j ACCEPT
COMMIT
-- session --
lan: udp 10.0.0.5:4000 > 192.0.2.9:53
`

const answered = "\tforwarded lan: udp 192.0.2.9:53 > 10.0.0.5:4000 ttl 63 (filter:FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT)\n"

// TestUpdateOfReplies updates the result of a reply as that of a packet.
func TestUpdateOfReplies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "router.txtar")
	require.NoError(t, os.WriteFile(path, []byte(router+"\tforwarded\nreply\n\tforwarded before the rules were these\nwait 1s\nreply\n"), 0o600))
	runFile(t, path, true, nil)
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(got), "reply\n"+answered+"wait 1s\n")
	runFile(t, path, false, nil)
}

// TestFilteredUpdate updates only one of two packets of a session: it depends on the
// other, which is sent all the same and keeps its line.
func TestFilteredUpdate(t *testing.T) {
	const text = router + "\tto be seen\nwan: udp 192.0.2.9:53 > 10.0.0.5:4000\n"
	path := filepath.Join(t.TempDir(), "router.txtar")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	run := flag.Lookup("test.run").Value
	given := run.String()
	defer func() { require.NoError(t, run.Set(given)) }()
	require.NoError(t, run.Set("TestFile/^wan"))
	assert.True(t, testing.RunTests(regexp.MatchString, []testing.InternalTest{{Name: "TestFile", F: func(t *testing.T) { runFile(t, path, true, nil) }}}))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, text+answered, string(got))
}
