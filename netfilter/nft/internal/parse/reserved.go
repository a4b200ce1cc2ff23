package parse

import "strings"

// reserved are the words that cannot be names of tables, chains and sets: the keywords
// that nft's scanner recognizes in all contexts.
var reserved = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(`eq ne lt le gt ge not or and xor lshift rshift vmap include define redefine undefine
		describe hook device devices table chain rule set map element flowtable meter typeof ruleset elements add
		replace update create insert delete get list reset flush rename import export monitor all accept drop continue
		jump goto return dnat snat masquerade redirect random th bridge ether vlan arp ip ip6 icmp icmpv6 igmp tcp udp
		udplite sctp dccp ah esp comp type ct meta fib rt osf socket numgen jhash symhash counter quota limit log
		reject queue notrack secmark synproxy tproxy dup fwd timeout gc-interval size policy flags auto-merge constant
		interval dynamic handle position index comment priority mark iif iifname iiftype oif oifname oiftype skuid
		skgid nftrace rtclassid ibriport ibrname obriport obrname pkttype cpu iifgroup oifgroup cgroup hbh frag dst mh
		rt0 rt2 srh exthdr inet netdev exists missing ipsec ecn hour day time expires xt flow offload`) {
		m[w] = true
	}
	return m
}()
