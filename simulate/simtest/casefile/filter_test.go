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

// TestFilteredUpdate updates only one of two packets of a session: it depends on the
// other, which is sent all the same and keeps its line.
func TestFilteredUpdate(t *testing.T) {
	const text = `-- host --
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
	to be seen
wan: udp 192.0.2.9:53 > 10.0.0.5:4000
`
	path := filepath.Join(t.TempDir(), "router.txtar")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	run := flag.Lookup("test.run").Value
	given := run.String()
	defer func() { require.NoError(t, run.Set(given)) }()
	require.NoError(t, run.Set("TestFile/^wan"))
	assert.True(t, testing.RunTests(regexp.MatchString, []testing.InternalTest{{Name: "TestFile", F: func(t *testing.T) { runFile(t, path, true, nil) }}}))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, text+"\tforwarded lan: udp 192.0.2.9:53 > 10.0.0.5:4000 ttl 63 (filter:FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT)\n", string(got))
}
