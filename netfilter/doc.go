// Package netfilter is the model of a Linux packet filter: rulesets, rules,
// connections, verdicts and hooks. Packets are in package packet.
//
// A [Ruleset] is plain data. Its matches and targets are values that print
// their options, check where they are used, and are evaluated against a packet;
// what they need of the host and the session they get from a [Context]. Text is
// read by package parser; packets are sent through rulesets by package
// simulate.
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
