package nft

import "fmt"

// Counter counts packets and bytes (nft_counter.c).
type Counter struct{ Packets, Bytes uint64 }

// String implements Expr.
func (e *Counter) String() string { return fmt.Sprintf("counter pkts %d bytes %d", e.Packets, e.Bytes) }
