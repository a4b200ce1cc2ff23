// Package ipset holds IP sets: named collections of addresses, networks,
// ports and the like that the match set and the target SET consult.
//
// A [Set] is data: its type, the options it was created with, and its entries.
// It prints itself as "ipset save" does. [Sets] are the sets of a network
// namespace in operation; they do what the commands of ipset and the rules of a
// firewall do to them, as the kernel does (net/netfilter/ipset).
//
// Sets know no clock. Times are durations since the sets were made, and Sets.Now
// says how late it is.
package ipset
