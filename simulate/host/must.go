package host

// mustAll reads texts; it panics on a bad one.
func mustAll[T any](texts []string, parse func(string) (T, error)) []T {
	out := make([]T, len(texts))
	for i, t := range texts {
		v, err := parse(t)
		if err != nil {
			panic(err)
		}
		out[i] = v
	}
	return out
}
