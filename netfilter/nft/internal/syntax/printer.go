package syntax

import (
	"strings"
	"time"
)

// Release is a release of nft, whose format is written.
type Release uint8

// The releases whose formats differ: the first stands for 1.0.0 to 1.0.6, the second
// for 1.1.4 and later.
const (
	Release106 Release = iota
	Release117
)

// Options control the format of a listing.
type Options struct {
	Release   Release
	Stateless bool // -s: no values of counters and the like
	Handles   bool // -a
	Terse     bool // -t: no elements of sets

	NumericProtocols bool // -p
	NumericPriority  bool // -y
	NumericTime      bool // -T
	NumericSymbols   bool // part of -n

	Zone *time.Location // of points in time; nil is UTC
}

// Printer writes expressions and statements.
type Printer struct {
	strings.Builder
	Options
	Link func(index uint32) string // names of interfaces

	codes bool // ICMP codes are those of destination unreachable
}

func (p *Printer) zone() *time.Location {
	if p.Zone != nil {
		return p.Zone
	}
	return time.UTC
}

func (p *Printer) put(parts ...string) {
	for _, s := range parts {
		p.WriteString(s)
	}
}
