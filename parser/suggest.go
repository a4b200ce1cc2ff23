package parser

import (
	"slices"
	"strings"
)

// nearest returns the candidate that s was probably meant to be, "" if none is
// close: at most a third of its letters may differ. Case is ignored.
func nearest(s string, candidates []string) string {
	best, score := "", len(s)/3+1
	folded := strings.ToLower(s)
	for _, c := range candidates {
		if d := distance(folded, strings.ToLower(c), score); d < score && c != s {
			best, score = c, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with a
// neighbour to turn a into b; anything not below limit may be returned as limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, row := []int(nil), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		if slices.Min(next) >= limit {
			return limit
		}
		before, row = row, next
	}
	return row[len(b)]
}
