// Package nat translates addresses as the kernel does
// (net/netfilter/nf_nat_core.c and nf_nat_proto.c of Linux 6.18).
//
// [Setup] sets up the source or the destination translation of a connection: it changes
// the reply tuple of the connection, and nothing else. [Translate] then rewrites every
// packet of the connection, and the packets quoted in ICMP errors, according to the two
// tuples.
//
// The choices are deterministic except for ports, for which the caller draws the start of
// the search.
package nat
