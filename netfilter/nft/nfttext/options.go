package nfttext

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Release is the release of nft whose output format is used. The zero value is
// Release106.
type Release = syntax.Release

// The releases with different output formats.
const (
	// Release106 is the format of nft 1.0.0 to 1.0.6.
	Release106 = syntax.Release106
	// Release117 is the format of nft 1.1.4 and later.
	Release117 = syntax.Release117
)

// Options are the options of a listing. The zero value prints as nft 1.0.6 does
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
