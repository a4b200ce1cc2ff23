// Package simulate answers where a packet would go: it sends packets through
// rulesets on a described host as the Linux kernel would.
//
// New checks a Host and its rulesets into a Node, which never changes and may
// be shared. Node.Receive and Node.Send judge one packet on its own; a Session
// carries connections, the clock and the random source from packet to packet. Every packet
// yields a Result: its fate, the step that decided it, the packet as it left
// and the whole path. Result.Reply is what the far end answers. A Network joins
// the sessions of several hosts.
//
// # Chance
//
// Results are the same in every run, and the kernel's are the same in every run
// of the kernel, but for what follows.
//
// Left to chance, with the kernel's probabilities (Result.Chance):
//   - statistic --mode random;
//   - the next hop of a route with several. The kernel chooses by a hash whose
//     seed it draws when it starts, or by what it knows of neighbours, and keeps to
//     it for a flow; here every packet chooses anew;
//   - ports that address translation draws (--random, --random-fully, a source port
//     that is taken): where the search begins, so that any free port is as likely
//     (Result.RandomPort). Addresses of a range follow from a hash without a seed
//     and are exact;
//   - NFQUEUE --queue-balance, whose hash is seeded, where it matters.
//
// Chosen by the kernel at random or in secret, and fixed here:
//   - identifications of the IPv4 packets that the host makes, and of the fragments
//     that it cuts; IPv6 flow labels: 0;
//   - sequence numbers and windows of the host's own TCP segments;
//   - where the ticks of the clock fall that limit and hashlimit count by
//     (netfilter.Jiffies). A packet takes no time, and the clock moves by
//     Session.Advance only;
//   - limits on ICMP errors (icmp_ratelimit, icmp_msgs_per_sec), whose allowance is
//     partly random and shared by the whole machine: never reached;
//   - the order of the connection table: that of appearance. Connections that the
//     kernel gives up because the table is full: none, new ones are refused;
//   - neighbours that do not answer: a packet that leaves is taken to arrive, unless
//     a Network knows better.
package simulate
