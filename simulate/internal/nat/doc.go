// Package nat translates addresses as the kernel does
// (net/netfilter/nf_nat_core.c and nf_nat_proto.c of Linux 6.18).
//
// [Setup] decides, once for each side of a connection, what it will look like:
// it changes the tuple by which answers are recognised, and nothing else.
// [Translate] then changes every packet of the connection, and what ICMP errors
// quote of it, as the two tuples demand.
//
// The choices are deterministic but for ports, whose search starts at a number
// that the caller draws.
package nat
