package parser_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/parser"
)

// faults returns the single errors of what Parse returns.
func faults(err error) []*parser.Error {
	var list parser.Errors
	if errors.As(err, &list) {
		return list
	}
	return nil
}

// requireInside wants an error's place to be in the text, and what can be
// printed of it to be in good form.
func requireInside(t *testing.T, text string, e *parser.Error) {
	t.Helper()
	if e.Pos.Line == 0 {
		if !strings.HasPrefix(e.Err.Error(), "and ") {
			t.Errorf("%.300q: error without a place: %v", text, e)
		}
		return
	}
	lines := strings.Split(text, "\n")
	if e.Pos.Line > len(lines) || e.Pos.Col < 1 || e.Pos.Col > len(lines[e.Pos.Line-1])+1 {
		t.Errorf("%.300q: the place %s is not in the text: %v", text, e.Pos, e)
	}
	if s := e.Error(); strings.ContainsAny(s, "\n\r\x00") {
		t.Errorf("%.300q: control bytes in %q", text, s)
	}
	drawn := strings.Split(e.Snippet(), "\n")
	if len(drawn) != 2 || strings.Count(drawn[1], "^") != 1 || len([]rune(drawn[1])) > len([]rune(drawn[0]))+1 {
		t.Errorf("%.300q: bad snippet %q", text, e.Snippet())
	}
}
