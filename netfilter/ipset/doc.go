// Package ipset implements IP sets: named collections of addresses, networks,
// ports and the like, used by the set match and the SET target.
//
// A [Set] is data: its type, the options it was created with, and its entries.
// It prints as "ipset save" does. [Sets] are the sets of a network namespace;
// their methods are the commands of ipset and the operations of rules, with the
// behaviour of the kernel (net/netfilter/ipset).
//
// Sets do not read a clock. Times are durations since the sets were created,
// and Sets.Now is the current time.
package ipset
