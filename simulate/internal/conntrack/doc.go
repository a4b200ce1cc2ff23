// Package conntrack tracks connections as the kernel does
// (net/netfilter/nf_conntrack_core.c and the trackers nf_conntrack_proto_*.c of
// Linux 6.18).
//
// It has two hook functions. [Table.In] is called at PREROUTING and OUTPUT, with
// priority -200: it finds the packet's connection or creates a new one, calls the
// tracker of the protocol, and returns the state of the packet (ctinfo).
// [Table.Confirm] is called at the end of INPUT and POSTROUTING and inserts a new
// connection in the table. Until then only the packet refers to the connection, which
// is discarded if the packet is dropped.
//
// The table has no clock: the current time is an argument of its methods. Results are
// not random and do not depend on the order of a map.
package conntrack
