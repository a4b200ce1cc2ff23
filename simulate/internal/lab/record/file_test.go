package record

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFilesRoundTrip reads and writes all files of the project: they stay as they
// are.
func TestFilesRoundTrip(t *testing.T) {
	for _, pattern := range []string{"differences/*.txtar", "scenarios/*/*.txtar"} {
		paths, err := filepath.Glob("../../../../testdata/" + pattern)
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			f, err := Read(path)
			require.NoError(t, err)
			for _, p := range f.Parts {
				for i := range p.Entries {
					e := &p.Entries[i]
					if e.Packet == "" {
						continue
					}
					o, err := ParseOutcome(e.Lines)
					require.NoError(t, err, path)
					e.Lines, err = o.Format()
					require.NoError(t, err, path)
				}
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			f.Path = filepath.Join(t.TempDir(), "cases.txtar")
			require.NoError(t, f.Write())
			got, err := os.ReadFile(f.Path)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got), path)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for text, problem := range map[string]string{
		"words\n":                     "no packets",
		"-- host --\nlink eth0\n":     "section host: need read and names of files",
		"-- rules --\nread none.v4\n": "section rules: open ",
		"-- hosts --\nlink eth0\n":    "section hosts: not known",
	} {
		path := filepath.Join(t.TempDir(), "cases.txtar")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := Read(path)
		assert.ErrorContains(t, err, problem)
	}
	_, err := ParseOutcome("\tchance often\n")
	assert.ErrorContains(t, err, `"chance often": `)
}
