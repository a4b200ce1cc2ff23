// Package fib answers where a Linux host routes a packet: the forwarding
// information base of IPv4 and IPv6, policy rules, address types and source
// address selection.
//
// [New] compiles a [Config] (links, addresses, routes, policy rules, sysctls)
// into an immutable [FIB], adding the routes the kernel adds by itself:
// connected prefixes, local addresses, broadcasts, anycast and multicast. A FIB
// may be shared between goroutines, and its queries allocate nothing:
//
//   - [FIB.PreCheck]: addresses that ip6_rcv rejects before any netfilter hook
//   - [FIB.Input]: the route of a packet received on a link
//   - [FIB.Output]: the route of a packet that a local process sends
//   - [FIB.AddrType], [FIB.SelectAddr], [FIB.SelectAddr6], [FIB.RedirectAddr],
//     [FIB.ReversePath]: the lookups of addrtype, MASQUERADE, REDIRECT and rpfilter
//
// Both families share one path wherever the kernel's do: tables, tries, rules
// and results. Where the kernel has two algorithms (fib_table_lookup and
// rt6_select, inet_select_addr and ipv6_dev_get_saddr) there are two files, with
// the suffixes 4 and 6.
//
// The sources are net/ipv4/{route,fib_frontend,fib_trie,fib_semantics,devinet}.c,
// net/ipv6/{route,ip6_fib,addrconf,ip6_input,ip6_output}.c and
// net/core/fib_rules.c of Linux 6.18; a test compares thousands of answers with
// those of the running kernel.
//
// The choice between several next hops, which depends on a random seed or on the state of
// neighbours, is made by the caller: see [Result.Nexthops] and [FIB.Pick].
// Not modelled are multicast routing, VRFs, route exceptions (path MTU,
// redirects), lightweight tunnels and neighbour reachability, and two
// accidents of the kernel: that it may not find source-specific IPv6 routes after
// others were removed, and that a cached IPv4 result lends its type to routes
// with an equal next hop.
package fib
