package nft

import (
	"fmt"
	"time"
)

// Last records when it was last evaluated (nft_last.c).
type Last struct {
	Seen bool
	Ago  time.Duration // time since then, if Seen
}

// String implements Expr.
func (e *Last) String() string {
	if !e.Seen {
		return "last never"
	}
	return fmt.Sprintf("last %d", e.Ago.Milliseconds())
}
