package record

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFilesRoundTrip reads and writes all files of the project, which remain the same.
func TestFilesRoundTrip(t *testing.T) {
	for _, pattern := range []string{"differences/*.txtar", "scenarios/*/*.txtar"} {
		paths, err := filepath.Glob("../../../../testdata/" + pattern)
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			f, err := Read(path)
			require.NoError(t, err)
			for _, c := range f.Cases {
				o, err := ParseOutcome(c.Golden)
				require.NoError(t, err, path)
				c.Golden, err = o.Format()
				require.NoError(t, err, path)
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
	const packets = "-- packets --\neth0: udp 192.0.2.9:1 > 192.0.2.3:2\n"
	for text, problem := range map[string]string{
		"words\n":                               "the file has no case",
		"-- host --\nlink eth0\n" + packets:     "section host: need read and names of files",
		"-- rules --\nread none.v4\n" + packets: "section rules: open ",
		"-- hosts --\nlink eth0\n" + packets:    "section hosts: not known",
		packets + "\tdropped\n":                 "cases.txtar:2: there are only packets and answers of the kernel here",
	} {
		path := filepath.Join(t.TempDir(), "cases.txtar")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := Read(path)
		assert.ErrorContains(t, err, problem)
	}
	_, err := ParseOutcome([]string{"branch often"})
	assert.ErrorContains(t, err, `"branch often": `)
}
