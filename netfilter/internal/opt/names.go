package opt

import (
	"fmt"
	"slices"
	"strings"
)

// Names are words that stand for numbers: their index in the list.
// Abbreviations stand for the first name that matches.
type Names []string

// String lists the names, for error messages.
func (n Names) String() string { return strings.Join(n, ", ") }

// Prefix returns the index of the first name that begins with s in any case; -1
// if none does.
func (n Names) Prefix(s string) int {
	return slices.IndexFunc(n, func(name string) bool { return hasPrefix(name, s) })
}

// Find returns the index of the name s in any case; -1 if there is none.
func (n Names) Find(s string) int {
	return slices.IndexFunc(n, func(name string) bool { return strings.EqualFold(name, s) })
}

// Beginning returns the index of the first name that s begins with in any case;
// -1 if there is none.
func (n Names) Beginning(s string) int {
	return slices.IndexFunc(n, func(name string) bool { return hasPrefix(s, name) })
}

func hasPrefix(name, s string) bool {
	return len(name) >= len(s) && strings.EqualFold(name[:len(s)], s)
}

// Set is a set of names: bit n is the name with index n.
type Set interface{ ~uint8 | ~uint16 | ~uint32 }

// PrefixSet reads names, abbreviated or not, separated by commas. An empty word
// is not an abbreviation.
func PrefixSet[T Set](n Names, s string) (set T, err error) {
	for word := range strings.SplitSeq(s, ",") {
		i := n.Prefix(word)
		if i < 0 || word == "" {
			return 0, n.Unknown(word)
		}
		set |= 1 << i
	}
	return set, nil
}

// AppendSet appends the names in the set, separated by commas.
func AppendSet[T Set](b []byte, n Names, set T) []byte {
	start := len(b)
	for i, name := range n {
		if set>>i&1 == 0 {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(b, name...)
	}
	return b
}

// Exact returns the index of the name s, case-sensitively; -1 if there is none.
func (n Names) Exact(s string) int { return slices.Index(n, s) }

// Named returns an error if n has no name: a program that builds the extension
// in Go may set any number.
func Named[T ~uint8 | ~uint32](what string, n T, names []string) error {
	if uint64(n) < uint64(len(names)) {
		return nil
	}
	return fmt.Errorf("%s %d: there are only %s", what, n, Names(names))
}

// NameAt returns the name of a number, or a question mark and the number if it
// has none, which no parser accepts.
func NameAt[N ~uint8 | ~uint16 | ~uint32 | ~int](names []string, n N) string {
	if n < 0 || uint64(n) >= uint64(len(names)) {
		return fmt.Sprintf("?%d", n)
	}
	return names[n]
}
