// Package parser reads the text that iptables-restore takes, and so whatever
// iptables-save prints, into a [netfilter.Ruleset]:
//
//	rs, err := parser.ParseFile("node.rules")
//
// It takes what iptables-legacy-restore 1.8.9 takes and refuses what that
// refuses, the demands of the kernel at COMMIT included. Saving what was read
// gives the text back byte for byte if iptables-save wrote it, and otherwise
// what iptables-save would print after the restore:
//
//	os.Stdout.Write(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
//
// Where a text is refused, all its faults are reported at once, each with its
// place; see [Error].
//
// Three things differ from the tool unless [Strict] is given. Extensions that
// nobody knows are kept as they were written ([netfilter.Unknown]). Counters
// are kept where there are any, but not demanded. And the last line may lack
// its newline.
//
// IP sets are read from what "ipset save" prints, or "ipset restore" takes, by
// [ParseSets].
//
// The package also reads and prints packets: "eth0: tcp 10.0.0.1:1024 >
// 10.0.0.2:80 syn" is what [ParsePacket] takes.
package parser
