package generatortest

import "slices"

// mostTries bounds how often a sequence is run to make it shorter.
const mostTries = 400

// shortest leaves out steps, many at a time at first, as long as what is left
// still fails.
func shortest(steps []step, fails func([]step) bool) []step {
	tries := 0
	for size := len(steps) / 2; size > 0; {
		shorter := false
		for at := 0; at+size <= len(steps) && tries < mostTries; {
			tries++
			if less := slices.Delete(slices.Clone(steps), at, at+size); fails(less) {
				steps, shorter = less, true
			} else {
				at += size
			}
		}
		if !shorter {
			size /= 2
		}
		size = min(size, len(steps))
	}
	return steps
}
