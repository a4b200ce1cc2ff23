package archive_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/simulate/internal/archive"
)

func TestArchive(t *testing.T) {
	const text = "comment\n-- a --\n1\n\n-- b --\n-- --\n--    --\n--  c d  --\nend"
	parts := archive.Split(text)
	assert.Equal(t, []archive.Section{{"", "comment\n", 1}, {"a", "1\n\n", 3}, {"b", "-- --\n--    --\n", 6}, {"c d", "end", 9}}, parts)
	assert.Equal(t, "comment\n-- a --\n1\n\n-- b --\n-- --\n--    --\n-- c d --\nend\n", archive.Join(parts))
}
