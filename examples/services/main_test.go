package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func services(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(args, &out)
	return out.String(), err
}

// TestPrintsRules compares what is printed with files that are there to be read
// as well.
func TestPrintsRules(t *testing.T) {
	shop, later := filepath.Join("testdata", "shop.json"), filepath.Join("testdata", "shop-later.json")
	for _, c := range []struct {
		want string
		args []string
	}{
		{"shop.rules", []string{shop}},
		{"shop.rules6", []string{"-6", shop}},
		{"shop-later.rules", []string{"-from", shop, later}},
	} {
		t.Run(c.want, func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join("testdata", c.want))
			require.NoError(t, err)
			got, err := services(t, c.args...)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
	nothing, err := services(t, "-6", "-from", shop, later)
	require.NoError(t, err)
	assert.Empty(t, nothing, "the change is none to IPv6")
}

func TestExplainsItself(t *testing.T) {
	out, err := services(t, "-h")
	require.NoError(t, err)
	assert.Contains(t, out, "usage: services")

	for _, c := range []struct {
		want string
		args []string
	}{
		{"need one file, not 0 (services -h", nil},
		{"services -h explains the flags", []string{"-x"}},
		{"nosuch.json", []string{"nosuch.json"}},
		{"testdata/shop.rules: read cluster: invalid character", []string{"testdata/shop.rules"}},
	} {
		_, err := services(t, c.args...)
		assert.ErrorContains(t, err, c.want)
	}
}
