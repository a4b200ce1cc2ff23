package parser

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// Option changes how a text is read.
type Option func(*options)

type options struct {
	family  netfilter.Family
	base    *netfilter.Ruleset
	flush   bool // tables of base are emptied where the text names them
	sets    *ipset.Sets
	defs    []*netfilter.Definition
	hosts   map[string][]netip.Addr
	strict  bool
	discard bool
	warn    func(*Error)
}

// Family says whose rules these are; without it they are IPv4's. It does not
// count together with [Onto].
func Family(f netfilter.Family) Option { return func(o *options) { o.family = f } }

// Onto applies the text to a ruleset as iptables-restore --noflush does: tables
// and chains that the text does not name stay as they are. The result is a new
// ruleset of base's family; base is not changed.
func Onto(base *netfilter.Ruleset) Option {
	return func(o *options) { o.base = base }
}

// Flush applies the text to the ruleset of [Onto] as iptables-restore does
// without --noflush: tables that the text names are emptied first and lose their
// chains, all others stay as they are. Policies stay, too, where the text does
// not set them. Without Onto it does not count.
func Flush() Option { return func(o *options) { o.flush = true } }

// Sets gives the IP sets that rules may refer to, which iptables asks the kernel
// for: rules about others, or about sets of the other family, are refused.
// Without it rules may refer to any.
func Sets(sets *ipset.Sets) Option { return func(o *options) { o.sets = sets } }

// keeps reports whether what is in a table stays when a text names it.
func (o *options) keeps() bool { return o.base != nil && !o.flush }

// DiscardCounters ignores the counters of policies and those in front of rules,
// as iptables-restore does without --counters.
func DiscardCounters() Option { return func(o *options) { o.discard = true } }

// Extensions adds definitions of matches and targets, which are looked up ahead
// of those of packages match and target. Whether one is a match or a target is
// told by what its New returns. A definition without families, without New or
// with an option that has no Set is an error.
func Extensions(defs ...*netfilter.Definition) Option {
	return func(o *options) { o.defs = append(o.defs, defs...) }
}

// Hosts gives the addresses of names in -s and -d; nothing else is asked. The
// name localhost is known.
func Hosts(addrs map[string][]netip.Addr) Option { return func(o *options) { o.hosts = addrs } }

// Strict refuses all that iptables-legacy-restore refuses: extensions that are
// not known, a last line without newline, and, unless the counters are
// discarded, policies without counters as with --counters.
func Strict() Option { return func(o *options) { o.strict = true } }

// Warnings has f called with what is accepted but probably not meant: what the tool
// warns of, and extensions that are not known.
func Warnings(f func(*Error)) Option { return func(o *options) { o.warn = f } }
