// Package parser reads the text that iptables-restore takes, and so whatever
// iptables-save prints, into a [netfilter.Ruleset]:
//
//	rs, err := parser.ParseFile("node.rules")
//
// It takes what iptables-legacy-restore 1.8.9 takes and refuses what that
// refuses, the demands of the kernel at COMMIT included. A dump that says that
// another release or iptables-nft wrote it is read as that does; see [Version]
// and [Backend]. Saving what was read gives the text back byte for byte if
// iptables-save wrote it, and otherwise what iptables-save would print after the
// restore:
//
//	os.Stdout.Write(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
//
// One thing is saved in another way than iptables does: conditions that hold for
// no packet, such as ! --dport 0:65535 and ! -i +, which 1.8.9 leaves out, so that
// its rule matches every packet when it is read again.
//
// Where a text is refused, all its faults are reported at once, each with its
// place; see [Error]. [Warnings] tells what is taken but probably not meant.
//
// A few things differ from the tool unless [Strict] is given. Extensions and
// options that nobody knows are kept as they were written ([netfilter.Unknown]).
// Counters are kept where there are any, but not demanded. The last line may lack
// its newline, and lines may end in CR LF and begin with blanks. And two dumps of
// one table in one text are an error.
//
// [ApplyCommand] carries out a single command line. What a text may use of memory
// and time is bounded by [MaxText], [MaxLine], [MaxRules], [MaxChains] and
// [MaxChecks].
//
// IP sets are read from what "ipset save" prints, or "ipset restore" takes, by
// [ParseSets].
//
// The package also reads and prints packets: "eth0: tcp 10.0.0.1:1024 >
// 10.0.0.2:80 syn" is what [ParsePacket] takes.
package parser
