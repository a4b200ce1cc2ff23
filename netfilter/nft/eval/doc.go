// Package eval evaluates nftables rulesets the way the kernel does: a rule is a
// list of instructions on sixteen registers of four bytes, as nft loads them
// into the kernel and "nft --debug=netlink" shows them.
//
// [New] compiles a ruleset to [Rules], which a host can load like the tables of
// iptables: the base chains are registered as functions at its hooks. The state
// that packets change (counters, quotas, limits, the elements of sets) is kept
// in a [State]; every session has its own.
package eval
