package parser

import (
	"errors"
	"fmt"
)

// Reasons why a line cannot be parsed, for use with errors.Is. Word of the
// [Error] is the name that does not exist.
var (
	ErrNoSuchTarget = errors.New("no such target")          // -j: neither an extension nor a chain
	ErrNoSuchMatch  = errors.New("no such match")           // -m
	ErrNoSuchOption = errors.New("no such option")          // no extension before it has the option
	ErrNoCommand    = errors.New("the line has no command") // neither -A nor another one
)

// readError is a line that cannot be read.
type readError struct {
	kind error // one of the reasons above
	text string
}

func readErrorf(kind error, format string, args ...any) error {
	return &readError{kind, fmt.Sprintf(format, args...)}
}

func (e *readError) Error() string { return e.text }

func (e *readError) Unwrap() error { return e.kind }
