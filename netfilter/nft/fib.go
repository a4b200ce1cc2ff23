package nft

import "fmt"

// FibResult is the result that a Fib loads. The zero value is not valid.
type FibResult uint8

// The results, in the kernel's numbering (enum nft_fib_result).
const (
	FibOIF FibResult = 1 + iota
	FibOIFName
	FibAddrType
)

var fibResults = [...]string{"", "oif", "oifname", "type"}

// String returns the word that nft uses.
func (r FibResult) String() string { return named(fibResults[:], r, "result") }

// Flags of Fib, in the kernel's numbering (enum nft_fib_flags).
const (
	FibSAddr   = 1 << 0
	FibDAddr   = 1 << 1
	FibMark    = 1 << 2
	FibIIF     = 1 << 3
	FibOIFFlag = 1 << 4
	FibPresent = 1 << 5
)

// Fib looks up an address of the packet in the routing tables (nft_fib_ipv4.c,
// nft_fib_ipv6.c, nft_fib_inet.c).
type Fib struct {
	Result FibResult
	Flags  uint32
	Dest   Reg
}

var fibFlags = [...]string{"saddr", "daddr", "mark", "iif", "oif"}

// FlagNames returns the words for the flags, in the order in which nft prints them.
func (e *Fib) FlagNames() []string {
	var out []string
	for i, n := range fibFlags {
		if e.Flags&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// String implements Expr.
func (e *Fib) String() string {
	s := "fib "
	for i, n := range e.FlagNames() {
		if i > 0 {
			s += ". "
		}
		s += n + " "
	}
	s += e.Result.String()
	if e.Flags&FibPresent != 0 {
		s += " present"
	}
	return s + fmt.Sprintf(" => reg %s", e.Dest)
}
