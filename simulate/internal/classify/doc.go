// Package classify finds the rules of a long chain that can match a packet.
//
// An [Index] is made of the conditions of a chain's rules: on addresses, ports,
// protocol, links and mark, each a set of intervals. A [Cursor] then yields, in
// order, the rules that can match the [Key] of a packet, and perhaps some others:
// what it leaves out cannot match, what it yields is to be judged.
//
// Each field of the key is an axis, cut into the pieces between the ends of all
// intervals. A segment tree over the pieces holds the numbers of the rules: an
// interval is the union of a few nodes, and a packet's value lies in the nodes on
// one path to the root. So the index of n rules takes O(n log n) memory whatever
// the intervals are.
//
// A rule that has few others around it on some axis is kept on that axis alone,
// the one where they are fewest, and found by it. The others, which are wide on
// every axis, are found by all of their conditions: those that each axis leaves
// are ANDed as vectors of bits, 64 rules at a time, the most selective axis first,
// with summaries by which 64 empty words are passed over at a time.
package classify
