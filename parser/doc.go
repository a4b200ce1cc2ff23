// Package parser parses the input of iptables-restore, which includes all
// output of iptables-save, into a [netfilter.Ruleset]:
//
//	rs, err := parser.ParseFile("node.rules")
//
// It accepts and refuses the same texts as iptables-legacy-restore 1.8.9,
// including the checks of the kernel at COMMIT. A dump whose comment names
// another release or iptables-nft is parsed as by that tool; see [Version] and
// [Backend]. Saving a parsed ruleset reproduces the text byte for byte if
// iptables-save wrote it, and otherwise prints what iptables-save would print
// after the restore:
//
//	os.Stdout.Write(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
//
// There is one difference to the output of iptables 1.8.9: conditions that hold
// for no packet, such as ! --dport 0:65535 and ! -i +, are printed. 1.8.9 omits
// them, so that its saved rule matches every packet.
//
// If a text is refused, all its errors are reported at once, each with its
// position; see [Error]. [Warnings] reports input that is accepted but probably
// not intended.
//
// Unless [Strict] is given, parsing differs from the tool as follows. Unknown
// extensions and options are kept as written ([netfilter.Unknown]). Counters
// are read if present, but not required. The last line may lack its newline,
// and lines may end in CR LF and begin with blanks. Two dumps of one table in
// one text are an error.
//
// [ApplyCommand] executes a single command line. Memory and time are bounded by
// [MaxText], [MaxLine], [MaxRules], [MaxChains] and [MaxChecks].
//
// [ParseSets] parses IP sets from the output of "ipset save" or the input of
// "ipset restore".
//
// The package also parses and prints packets in a textual form such as "eth0:
// tcp 10.0.0.1:1024 > 10.0.0.2:80 syn"; see [ParsePacket].
package parser
