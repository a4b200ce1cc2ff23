package nfttext

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Release is the release of nft whose forms are written.
type Release = syntax.Release

// The releases that differ in what they write.
const (
	// Release106 writes as nft 1.0.0 to 1.0.6 do.
	Release106 = syntax.Release106
	// Release117 writes as nft 1.1.4 and later do.
	Release117 = syntax.Release117
)

// Options say how a listing is written. The zero value is what nft 1.0.6 prints
// without options.
type Options struct {
	Release   Release
	Stateless bool // -s: without the values of counters, quotas and the like
	Handles   bool // -a
	Terse     bool // -t: without elements of sets

	NumericProtocols bool // -p
	NumericPriority  bool // -y
	NumericTime      bool // -T
	Numeric          bool // -n: all of these, and no names of values

	Zone *time.Location // of points in time; nil is UTC
}

func (o Options) printer(r *nft.Ruleset) *syntax.Printer {
	p := &syntax.Printer{Options: syntax.Options{
		Release: o.Release, Stateless: o.Stateless, Handles: o.Handles, Terse: o.Terse,
		NumericProtocols: o.NumericProtocols || o.Numeric, NumericPriority: o.NumericPriority || o.Numeric,
		NumericTime: o.NumericTime || o.Numeric, NumericSymbols: o.Numeric, Zone: o.Zone,
	}}
	if r != nil {
		p.Link = r.LinkName
	}
	return p
}
