// Package simulate answers where a packet would go: it sends packets through
// rulesets on a described host as the Linux kernel would.
//
// New checks a Host and its rulesets into a Node, which never changes and may
// be shared. Node.Receive and Node.Send judge one packet on its own; a Session
// carries connections, the clock and the random source from packet to packet. Every packet
// yields a Result: its fate, the step that decided it, the packet as it left
// and the whole path. Result.Reply is the packet with which the remote host
// answers. A Network connects the sessions of several hosts.
//
// # The path of a packet
//
// Session.Receive and Session.Send create a transit: the packet, the state that the
// kernel keeps with it (as in struct sk_buff), and the Result to which steps are
// appended. Each group of fields is written in one file, which transit.go names.
// The functions called from there correspond to those of the kernel's packet path.
//
//   - receive (receive.go) checks the frame and the IP header, runs the hook
//     PREROUTING and calls routeInput, which looks up the route in internal/fib and
//     continues with input or forward.
//   - input reassembles fragments, runs the hook INPUT and delivers the packet;
//     answer (answer.go) then sends the host's reply: answerTCP and streamAnswers
//     (stream.go), answerICMP, or an error of icmp.go.
//   - forward (forward.go) checks the time to live and the MTU, calls redirect
//     (redirect.go), and runs the hooks FORWARD and POSTROUTING.
//   - send (send.go) routes packets that a process sends; replyPacket (answer.go)
//     those with which the host answers. Both call leave, which runs OUTPUT, where
//     reroute looks up a new route if a hook function changed the packet, and then
//     postrouting.
//   - postrouting transmits the packet on its output link; copyToHost and returnByLo
//     (loopback.go) receive it again if its destination is this host or a group that
//     this host has joined.
//   - receiveByPort (bridge.go) is called before receive for packets from bridge
//     ports, and passOn replaces forward for packets that the bridge forwards.
//   - finish (outcome.go) sets the fate and keeps the packet in its final state; drop
//     and end call it where the host or a hook function ends the path.
//
// A hook is a list of functions, which register (hooks.go) orders by priority: reassembly
// (defragHook), connection tracking (track, confirm), address translation
// (translationHook), SYNPROXY (synProxy), the tables of xtables (walk), and the
// functions that a netfilter.HookProvider registers. hook runs them until one
// returns a verdict other than Accept. Tables are compiled and evaluated by
// internal/xtables, whose Walker reports the steps to a recorder (steps.go). The
// methods of netfilter.Engine, which matches and targets call, are in the files
// engine*.go, one for each group of methods.
//
// The packages below internal do not depend on sessions and results: machine compiles
// the description of the host to links, routing tables and settings, fib is the routing
// lookup and routekey what packets are looked up with, conntrack is the connection
// table, nat selects tuples, frag reassembles and fragments packets, checksum verifies
// transport checksums, ipopt parses IP options, tcp holds the TCP connections of the
// host, icmp and exthdr parse headers, nflog formats log lines, peer computes the
// replies of remote hosts, chance makes random decisions, sysctl reads settings.
//
// # Chance
//
// Results are the same in every run. The kernel's results are the same in every run
// too, with the following exceptions.
//
// Decided at random, with the kernel's probabilities (Result.Chance):
//   - statistic --mode random;
//   - the next hop of a multipath route. The kernel selects it by a hash with a
//     seed that it draws at boot, or by the state of the neighbours, and the same for
//     all packets of a flow; here it is selected for every packet independently;
//   - ports that address translation draws (--random, --random-fully, a source port
//     that is in use): the start of the search is random, so that every free port is
//     equally likely (Result.RandomPort). Addresses of a range are selected by a hash
//     without a seed and are exact;
//   - NFQUEUE --queue-balance, whose hash has a random seed, if the choice of the
//     queue affects the result.
//
// Random or secret in the kernel, and fixed here:
//   - the identification of IPv4 packets that the host generates and of fragments
//     that it creates, and IPv6 flow labels: 0;
//   - sequence numbers and windows of TCP segments that the host generates;
//   - the phase of the clock ticks that limit and hashlimit count
//     (netfilter.Jiffies). Processing a packet takes no time, and only
//     Session.Advance moves the clock;
//   - rate limits on ICMP errors (icmp_ratelimit, icmp_msgs_per_sec), which are
//     partly random and shared by the whole machine: never reached;
//   - the order of the connection table: the order of creation. The kernel evicts
//     connections when the table is full; here none is evicted and new connections
//     are refused;
//   - neighbours that do not answer: a transmitted packet is assumed to arrive,
//     unless a Network determines otherwise.
//
// # Embedding
//
// What a program needs to know that runs the library in a service, or gives it texts
// and packets of strangers.
//
// Threads. A Node, a ruleset that nobody changes, a Coverage and the hosts of iptablestest
// may be used by any number of goroutines. A Session, a Network, an ipset.Sets and a Result
// belong to one goroutine at a time; a Clone of a session or a network is independent of the
// original. The library starts no goroutines and has no package state that changes.
//
// Ownership. Rulesets, hosts and sets that are passed to New must not be changed
// afterwards. Packets are copied: the caller may change its packet, and the packets of a
// Result, without an effect on a session or on other results. The bytes that Packet.Wire
// returns are those of the packet itself. Everything that a Result refers to is valid until
// the Result is passed to ReceiveInto or SendInto; a Visit is valid until the function
// returns to which it was passed.
//
// Bounds. What an input may cost is bounded by counts, not by time, so that the result is
// the same on every machine. Each bound is an option with a default, and an error
// of a type that names it says that it was exceeded:
//   - texts of rules: the options of package parser whose names begin with Max
//     (parser.LimitError);
//   - sets, their elements, and the elements of a line: ipset.Limits (ipset.LimitError);
//   - steps and work for a packet, connections and waiting fragments of a session: Limits
//     (LimitError);
//   - hops of a journey through a network: MaxHops (LimitError);
//   - branches: MaxBranches (BranchError).
//
// WithContext and parser.Context stop sessions and readers when a context is done. What was
// done until then depends on time; everything else does not.
//
// Determinism. The same host, rulesets, packets, options and seed give the same results in
// every run and on every platform. The clock is virtual: it begins where WithStart
// says and is moved only by Advance.
//
// What is read and written. Packages of the library open only files whose paths they are
// given: parser.ParseFile, parser.ParseSetsFile, host.ReadFiles, the files of casefile.Run,
// and files that commands on an iptablestest.Host name. They open no sockets, start no
// processes, read neither the clock nor the environment, and print nothing, but for
// two helpers of tests: simtest.Main writes coverage to standard error, and
// iptablestest.Kubernetes.Monitor waits.
//
// Panics. No function panics, whatever values its types allow, except functions with Must
// in their names, iptablestest.New, methods called on nil pointers, and the methods of matches
// and targets that only the engine calls (netfilter.Context, netfilter.CheckContext,
// netfilter.Bounded). Functions that the caller passes are called as they are.
package simulate
