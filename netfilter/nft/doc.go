// Package nft is the model of nf_tables: tables, chains, rules, sets, named
// objects and flowtables as the kernel holds them.
//
// A rule is the program that nft loads for it: expressions that move data into
// registers, compare them and act, among them those that nft adds without being
// asked (the test for the protocol before a port). What a packet meets is this
// program. The text that nft lists is made from it, as nft makes it from what
// the kernel returns.
//
// All types are plain data. Bytes (keys, constants, masks) are strings that
// hold them as they stand in registers: network byte order for what is loaded
// from packets, little-endian for the kernel's own numbers (marks, lengths,
// interface indexes), as on a little-endian machine.
package nft
