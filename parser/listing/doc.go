// Package listing reads what "iptables -L" prints, of all releases from 1.4 to
// 1.8.13 and of iptables-nft: with or without -v, -n, -x and --line-numbers.
//
// A listing says less than iptables-save. What it leaves out is never guessed
// but noted: interfaces and counters without -v, the name of a hashlimit table,
// the table itself where its chains leave it open. What a listing says in words
// that are not known here is an error with its place.
package listing
