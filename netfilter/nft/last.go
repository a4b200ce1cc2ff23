package nft

import (
	"fmt"
	"time"
)

// Last remembers when a packet last came by (nft_last.c).
type Last struct {
	Seen bool
	Ago  time.Duration // how long ago, if Seen
}

func (e *Last) String() string {
	if !e.Seen {
		return "last never"
	}
	return fmt.Sprintf("last %d", e.Ago.Milliseconds())
}
