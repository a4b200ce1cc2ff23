// Package eval evaluates nftables rulesets the way the kernel does: a rule
// is a list of instructions on sixteen registers of four bytes, as nft hands
// them to the kernel and "nft --debug=netlink" shows them.
//
// [New] makes [Rules] of a ruleset, which a host takes as it takes the tables of
// iptables: the base chains stand as functions at its hooks. What packets change
// (counters, quotas, limits, the elements of sets) is kept in a [State], of which
// every session has its own.
package eval
