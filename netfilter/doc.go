// Package netfilter is the model of a Linux packet filter: rulesets, rules,
// connections, verdicts and hooks. Packets are in package packet.
//
// A [Ruleset] is plain data. Its matches and targets are values that know how
// to print themselves, how to check the place they stand in, and how to judge
// a packet; what they need of the world around them they ask a [Context] for.
// The package holds no text reader (package parser) and no engine (package
// simulate).
//
// # Adding an extension
//
//  1. Write one file in netfilter/match or netfilter/target, named as the word
//     after -m or -j. It holds the type, its [Definition] with the option
//     table, AppendOptions (the options as iptables-save prints them) and
//     Match or Apply.
//  2. Add one line to the list in that package's definitions.go.
//  3. Add testdata/ext/match/NAME.t or testdata/ext/target/NAME.t, named as the
//     source file: rows of options with what is saved or refused, and rows of
//     packets with the answer. Tests of package simulate, which describe the
//     form of the tables, replay them through the machine's own iptables and
//     kernel.
package netfilter
