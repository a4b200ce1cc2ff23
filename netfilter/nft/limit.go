package nft

import "fmt"

// Limit breaks when packets or bytes exceed a rate (nft_limit.c).
type Limit struct {
	Rate  uint64
	Unit  uint64 // seconds: 1, 60, 3600, 86400 or 604800
	Burst uint32
	Bytes bool // counts bytes; packets otherwise
	Over  bool // inverted: breaks when the rate is not exceeded
}

var limitUnits = map[uint64]string{1: "second", 60: "minute", 3600: "hour", 86400: "day", 604800: "week"}

// UnitName returns the word for the unit of time.
func (e *Limit) UnitName() string {
	if n, ok := limitUnits[e.Unit]; ok {
		return n
	}
	return "error"
}

// String implements Expr.
func (e *Limit) String() string {
	kind, flags := "packets", 0
	if e.Bytes {
		kind = "bytes"
	}
	if e.Over {
		flags = 1
	}
	return fmt.Sprintf("limit rate %d/%s burst %d type %s flags 0x%x", e.Rate, e.UnitName(), e.Burst, kind, flags)
}
