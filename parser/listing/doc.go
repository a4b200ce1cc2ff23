// Package listing parses the output of "iptables -L" of all releases from 1.4
// to 1.8.13 and of iptables-nft: with or without -v, -n, -x and --line-numbers.
//
// A listing contains less information than the output of iptables-save. Missing
// information is not guessed but reported as notes: interfaces and counters
// without -v, the name of a hashlimit table, the table itself if its chains are
// ambiguous. Unknown text in a listing is an error with its position.
package listing
