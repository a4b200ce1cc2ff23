// Package nft is the model of nf_tables: tables, chains, rules, sets, named
// objects and flowtables as the kernel holds them.
//
// A rule is the list of expressions that nft loads into the kernel for it:
// expressions that load data into registers, compare them and act, including
// the dependencies that nft adds implicitly (such as the test of the protocol
// before that of a port). Packets are evaluated against these expressions. The
// text of a listing is generated from them, as nft generates it from the
// expressions that the kernel returns.
//
// All types are plain data. Bytes (keys, constants, masks) are strings with the
// contents of registers: network byte order for data loaded from packets,
// little-endian for the kernel's own numbers (marks, lengths, interface
// indexes), as on a little-endian machine.
package nft
