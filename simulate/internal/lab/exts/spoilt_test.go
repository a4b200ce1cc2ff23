package exts_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// TestSpoiltExtensionText takes rows of the extension tables, changes a few words
// of them and asks the machine's own iptables what it makes of that. Where the
// machine lacks an extension, or what rows name, its refusals say nothing.
func TestSpoiltExtensionText(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	seed := lab.Seed()
	t.Logf("seed: -live.seed=%d", seed)
	k, err := kernel.OpenRestorer()
	require.NoError(t, err)
	t.Cleanup(func() { _ = k.Close() })
	for i, table := range extTables(t) {
		t.Run(table.name, func(t *testing.T) {
			s := newSpoiler(table, rand.New(rand.NewPCG(seed, uint64(i))))
			for range lab.Cases(4) {
				s.ask(t, k)
			}
		})
	}
}

// printedOtherwise finds what 1.8.9 saves so that it means something else when it
// is read again, and what is therefore printed in another way: ranges of
// everything that are inverted, and empty lists of days.
var printedOtherwise = regexp.MustCompile(`! --\S+ 0:(255|65535|4294967295)\b|! -[io] \+ |days ""`)

// spoiler changes the rows of a table.
type spoiler struct {
	*rand.Rand
	rows     []extRow
	words    []string // of all rows
	deceived bool     // the machine refuses rows that are right
}

func newSpoiler(table extTable, r *rand.Rand) *spoiler {
	s := &spoiler{Rand: r}
	for _, row := range table.rows {
		if !row.isText() || row.answer == "NEWER" || row.answer == "OURS" {
			continue
		}
		s.rows = append(s.rows, row)
		s.words = append(s.words, splitWords(row.spec)...)
		s.deceived = s.deceived || row.answer == "ASSUME"
	}
	return s
}

// splitWords takes options apart at blanks outside of double quotes.
func splitWords(s string) (words []string) {
	quoted, escaped, from := false, false, 0
	for i := range len(s) {
		switch c := s[i]; {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case c == ' ' && !quoted:
			words, from = append(words, s[from:i]), i+1
		}
	}
	return append(words, s[from:])
}

// ask draws a row, spoils it and compares what becomes of it.
func (s *spoiler) ask(t *testing.T, k *kernel.Restorer) {
	t.Helper()
	row := s.rows[s.IntN(len(s.rows))]
	chain := row.chains[s.IntN(len(row.chains))]
	words := splitWords(row.spec)
	for range 1 + s.IntN(3) {
		words = s.spoil(words)
	}
	text := row.ruleset(chain, strings.Join(words, " "))
	q := kernel.Restore{Family: 4, Sets: row.sets, Text: text}
	if row.family == netfilter.IPv6 {
		q.Family = 6
	}
	want, err := k.RestoreAndSave(q)
	if err != nil {
		t.Logf("%s\n%siptables breaks down: %v", &row, text, err)
		return
	}
	rs, err := readAndCheck(text, row.family)
	helped := want.Code == 0 && len(rulesIn(want.Saved, chain)) == 0 // an option -h has it end
	switch {
	case want.Code != 0 && (err != nil || s.deceived), helped && err != nil:
	case want.Code != 0:
		t.Errorf("%s\n%staken, and saved as %q; iptables says: %s", &row, text, rulesIn(rs.String(), chain), want.Stderr)
	case err != nil:
		t.Errorf("%s\n%siptables saves %q, here it is refused: %v", &row, text, rulesIn(want.Saved, chain), err)
	case printedOtherwise.MatchString(rs.String()):
	case !slices.Equal(rulesIn(rs.String(), chain), rulesIn(want.Saved, chain)):
		t.Errorf("%s\n%siptables saves\n  %q\nhere\n  %q", &row, text, rulesIn(want.Saved, chain), rulesIn(rs.String(), chain))
	}
}

// spoil changes a word or two.
func (s *spoiler) spoil(words []string) []string {
	if len(words) == 0 {
		return words
	}
	i, j := s.IntN(len(words)), s.IntN(len(words))
	switch s.IntN(9) {
	case 0:
		return slices.Delete(slices.Clone(words), i, i+1)
	case 1:
		return slices.Insert(slices.Clone(words), i, words[j])
	case 2:
		return slices.Insert(slices.Clone(words), i, "!")
	case 3:
		return slices.Insert(slices.Clone(words), i, s.words[s.IntN(len(s.words))])
	case 4:
		words = slices.Clone(words)
		words[i], words[j] = words[j], words[i]
		return words
	}
	words = slices.Clone(words)
	switch s.IntN(4) {
	case 0:
		words[i] = s.words[s.IntN(len(s.words))]
	case 1:
		words[i] = s.number(words[i])
	default:
		words[i] = s.letters(words[i])
	}
	return words
}

// edges are numbers at which something ends.
var edges = []string{"0", "1", "-1", "+2", "255", "256", "65535", "65536", "2147483648", "4294967295", "4294967296", "18446744073709551615",
	"18446744073709551616", "0x10", "010", "08", "0x", "1.5", "1e3", "", ":", "1:2", "2:1", ":3", "3:", "1-2", "2-1", "1,2", "1/2", "0xff/0xf", "1,,2", ",1"}

// number puts another number in place of the first in a word, or of the word.
func (s *spoiler) number(word string) string {
	edge := edges[s.IntN(len(edges))]
	digit := func(c rune) bool { return c >= '0' && c <= '9' }
	from := strings.IndexFunc(word, digit)
	if from < 0 {
		return edge
	}
	to := from + len(word[from:]) - len(strings.TrimLeftFunc(word[from:], digit))
	return word[:from] + edge + word[to:]
}

// letters changes a letter of a word.
func (s *spoiler) letters(word string) string {
	if word == "" {
		return "x"
	}
	at := s.IntN(len(word))
	switch s.IntN(6) {
	case 0:
		return word[:at] + word[at+1:]
	case 1:
		return word[:at]
	case 2:
		return strings.ToUpper(word)
	case 3:
		return fmt.Sprintf("%s%c%s", word[:at], ",:-/!. x0="[s.IntN(10)], word[at:])
	case 4:
		return word[:at] + word[at:at+1] + word[at:]
	}
	return strings.ToLower(word)
}
