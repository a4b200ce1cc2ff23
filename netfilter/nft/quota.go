package nft

import "fmt"

// Quota breaks once more than a number of bytes has been counted (nft_quota.c).
type Quota struct {
	Bytes, Used uint64
	Over        bool // inverted: breaks until then
}

// String implements Expr.
func (e *Quota) String() string {
	flags := 0
	if e.Over {
		flags = 1
	}
	return fmt.Sprintf("quota bytes %d consumed %d flags %d", e.Bytes, e.Used, flags)
}
