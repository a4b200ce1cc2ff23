package casefile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
)

func TestFiles(t *testing.T) {
	var cov simulate.Coverage
	Run(t, "testdata/*.txtar", simulate.WithCoverage(&cov))
	assert.Greater(t, cov.Ratio(), 0.75, "%s", &cov)
}

// TestUpdate updates a file without results.
func TestUpdate(t *testing.T) {
	want, err := os.ReadFile("testdata/node.txtar")
	require.NoError(t, err)
	bare := ""
	for line := range strings.Lines(string(want)) {
		switch {
		case !strings.HasPrefix(line, "\t"):
			bare += line
		case strings.HasPrefix(line, "\tTRACE") && !strings.HasSuffix(bare, "\tTRACE\n"):
			bare += "\tTRACE\n"
		}
	}
	require.NotEqual(t, string(want), bare)
	path := filepath.Join(t.TempDir(), "node.txtar")
	require.NoError(t, os.WriteFile(path, []byte(bare), 0o600))
	runFile(t, path, true, nil)
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}
