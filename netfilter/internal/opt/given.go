package opt

import (
	"fmt"
	"strings"
)

// NeedOne returns an error unless exactly one of the options was given.
func NeedOne(given func(string) bool, options ...string) error {
	n := 0
	for _, o := range options {
		if given(o) {
			n++
		}
	}
	if n == 1 {
		return nil
	}
	list := "--" + strings.Join(options, ", --")
	if n == 0 {
		return fmt.Errorf("one of %s must be given", list)
	}
	return fmt.Errorf("only one of %s may be given", list)
}
