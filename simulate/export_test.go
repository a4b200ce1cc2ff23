package simulate

import "github.com/packetpath/packetpath/simulate/internal/xtables"

// WithIndex has the indexes of all chains used from the first packet on, or none.
func WithIndex(use bool) SessionOption {
	return func(s *Session) {
		if s.index = xtables.NoIndex; use {
			s.index = xtables.IndexPolicy{From: 1}
		}
	}
}
