// Package simulate answers where a packet would go: it sends packets through
// rulesets on a described host as the Linux kernel would.
//
// New checks a Host and its rulesets into a Node, which never changes and may
// be shared. Node.Receive and Node.Send judge one packet on its own; a Session
// carries connections, the clock and luck from packet to packet. Every packet
// yields a Result: its fate, the step that decided it, the packet as it left
// and the whole path.
package simulate
