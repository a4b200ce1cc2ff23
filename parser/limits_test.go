package parser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
)

// TestBounds refuses a text beyond each bound with an error that names it, and
// takes one that just keeps it.
func TestBounds(t *testing.T) {
	text := filter(":A -\n-N B\n-A A -s 1.1.1.1,2.2.2.2 -d 3.3.3.3,4.4.4.4\n-I A\n-D A 1\n-C A -s 1.1.1.1 -d 3.3.3.3")
	longest := len("-A A -s 1.1.1.1,2.2.2.2 -d 3.3.3.3,4.4.4.4\n")
	for name, c := range map[string]struct {
		option func(int) parser.Option
		needs  int
		place  string
	}{
		"MaxText":   {parser.MaxText, len(text), ""},
		"MaxLine":   {parser.MaxLine, longest, "4:1: "},
		"MaxRules":  {parser.MaxRules, 6, "7:4: "},
		"MaxChains": {parser.MaxChains, 2, "3:4: "},
		"MaxChecks": {parser.MaxChecks, 9, "8:1: "},
	} {
		mustParse(t, text, c.option(c.needs))
		mustParse(t, text, c.option(-1))
		mustParse(t, text, c.option(0))
		rs, err := parser.ParseString(text, c.option(c.needs-1))
		require.Nil(t, rs)
		var limit *parser.LimitError
		require.ErrorAs(t, err, &limit, name)
		require.Equal(t, parser.LimitError{Option: name, Max: c.needs - 1}, *limit)
		require.True(t, strings.HasPrefix(err.Error(), c.place+"more than "), "%s: %v", name, err)

		_, err = parser.Parse("f", strings.NewReader(text), c.option(c.needs-1))
		require.ErrorAs(t, err, &limit, name)
		path := filepath.Join(t.TempDir(), "f")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err = parser.ParseFile(path, c.option(c.needs-1))
		require.ErrorAs(t, err, &limit, name)
		_, err = parser.ParseFile(path, c.option(c.needs))
		require.NoError(t, err)
	}
	base := mustParse(t, filter(strings.Repeat("-A INPUT\n", 1000)))
	_, err := parser.ParseString(strings.Repeat("*filter\n-A INPUT\nCOMMIT\n", 1000), parser.Onto(base), parser.MaxChecks(1_000_000))
	var limit *parser.LimitError
	require.ErrorAs(t, err, &limit, "tables again and again")
	require.Equal(t, "MaxChecks", limit.Option)
	_, err = parser.ParseString(filter(lots(":A%d -", 1000)+strings.Repeat("-F\n-Z\n-Z INPUT\n-N A1\n", 1000)), parser.MaxChecks(1_000_000))
	require.ErrorAs(t, err, &limit, "all chains again and again")
	_, _, err = parser.ApplyCommand(nil, strings.Fields("-A INPUT -s 1.1.1.1,2.2.2.2"), parser.MaxRules(1))
	require.ErrorAs(t, err, new(*parser.LimitError))
}

// lots repeats a line with numbers.
func lots(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i)
	}
	return b.String()
}
