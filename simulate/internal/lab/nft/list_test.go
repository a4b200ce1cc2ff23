package nft_test

import "regexp"

var (
	// expires is how long an element has left when it is listed.
	expires = regexp.MustCompile(` expires [0-9a-z]+`)
	// changing is what packets change in a listing. The rest of it is compared where
	// listings are.
	changing = regexp.MustCompile(`packets \d+ bytes \d+|used \d+ \w+|elements = \{[^}]*\}`)
)

// listDifferences lists where counters, quotas and elements of named sets, as they
// stand after the packets, are not those that nft listed.
func listDifferences(want, got string) []string {
	parts := func(s string) []string { return changing.FindAllString(expires.ReplaceAllString(s, " expires x"), -1) }
	return diff("change", parts(want), parts(got))
}
