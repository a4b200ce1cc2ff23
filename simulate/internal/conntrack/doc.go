// Package conntrack follows connections as the kernel does
// (net/netfilter/nf_conntrack_core.c and the trackers nf_conntrack_proto_*.c of
// Linux 6.18).
//
// A packet meets it twice. [Table.In] stands at PREROUTING and OUTPUT, with
// priority -200: it finds the packet's connection or makes a new one, lets the
// tracker of the protocol judge the packet, and says how the two are related.
// [Table.Confirm] stands at the end of INPUT and POSTROUTING and enters a new
// connection into the table; until then only the packet knows of it, so a
// packet that is dropped on the way leaves nothing behind.
//
// The table has no clock: every call is told the time. Nothing in it is random
// or depends on the order of a map.
package conntrack
