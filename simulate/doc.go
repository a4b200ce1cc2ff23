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
// # The way of a packet
//
// Session.Receive and Session.Send make a transit: the packet, what is known of it,
// and the Result that grows. Each of its parts is written in one file, which
// transit.go names. From then on the functions are those of the kernel's path.
//
//   - receive (receive.go) checks the frame and the IP header, takes the packet
//     through the hook PREROUTING and calls routeInput, which asks internal/fib and
//     goes on with input or forward.
//   - input has fragments put together, takes the packet through INPUT and delivers
//     it; answer (answer.go) then says what the host replies: answerTCP and the
//     streams of stream.go, answerICMP, or an error of icmp.go.
//   - forward (forward.go) checks the time to live and the MTU, sends redirects
//     (redirect.go), and takes the packet through FORWARD and POSTROUTING.
//   - send (send.go) routes what a process sends; replyPacket (answer.go) what the
//     host answers. Both call leave: OUTPUT, routed again by reroute if a hook
//     function changed it, then postrouting.
//   - postrouting sends the packet out by its link; copyToHost and returnByLo
//     (loopback.go) bring it back in where it is for this host or for a group.
//   - receiveByPort (bridge.go) stands ahead of receive for ports of bridges, and
//     passOn takes the place of forward for what the bridge passes on.
//   - finish (outcome.go) sets the fate and keeps the packet as it is then; drop and
//     end call it where the host or a hook function ends the packet.
//
// A hook is a list of functions by priority (hooks.go, program): reassembly
// (defragHook), connection tracking (track, confirm), address translation
// (translationHook), SYNPROXY (synProxy), the tables of xtables (walk), and the
// functions that a netfilter.HookProvider brings. hook runs them until one does not
// accept the packet. Tables are compiled and walked by internal/xtables, whose
// Walker tells the steps to a recorder (steps.go). What matches and targets ask of
// the engine is in the files engine*.go, one for each group of netfilter.Engine.
//
// The packages below internal know nothing of sessions and results: fib routes,
// conntrack keeps connections, nat chooses tuples, frag puts packets together and
// cuts them, ipopt reads IP options, tcp, icmp and exthdr read headers, nflog prints
// log lines, peer answers for the far end, chance decides, sysctl reads settings.
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
