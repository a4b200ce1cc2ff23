package host

import (
	"errors"
	"io"
)

// readText reads a whole text.
func readText(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, errors.New("the reader is nil")
	}
	return io.ReadAll(r)
}
