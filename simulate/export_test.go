package simulate

// WithIndexFrom has the indexes of chains of at least n rules used.
func WithIndexFrom(n int) SessionOption { return func(s *Session) { s.indexFrom = n } }
