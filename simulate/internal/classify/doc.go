// Package classify finds the rules of a long chain that can match a packet.
//
// An [Index] is made of the conditions of a chain's rules: on addresses, ports,
// protocol, links and mark, each a set of intervals. A [Cursor] then yields, in
// order, the rules that can match the [Key] of a packet, and possibly some others: rules
// that it skips cannot match, rules that it yields must be evaluated.
//
// Each field of the key is an axis, divided into elementary intervals by the ends of all
// intervals. A segment tree over the elementary intervals holds the numbers of the rules:
// an interval is the union of a few nodes, and a packet's value is contained in the nodes
// on one path to the root. The index of n rules takes O(n log n) memory for any
// intervals.
//
// A rule that overlaps with few others on some axis (a narrow rule) is stored on that
// axis only, the one with the fewest overlaps. The other rules, which are wide on every
// axis, are found by all of their conditions: the sets of rules that each axis leaves are
// bit vectors, which are ANDed 64 rules at a time, the most selective axis first. A
// summary of each vector allows skipping 64 empty words at a time.
package classify
