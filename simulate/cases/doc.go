// Package cases checks the results of packets against files, which people who do not
// write Go can edit. It reports to its caller; package simulate/simtest/casefile runs the
// same files as tests of Go.
//
// A file is an archive of sections (the format of txtar). The sections packets and
// session contain packets, one on each line, as parser.ParsePacket reads them. Each packet
// of a section packets has a new session; those of a section session share one. In a
// section session, the line "wait 30s" advances the clock, and the line "reply" is the
// remote host's reply to the last packet that was transmitted. A line that begins with #
// names the case below it.
//
// The indented lines below a packet are its expected result. They are either conditions,
// separated by commas or on lines of their own, all of which must hold in every branch:
//
//	delivered             also forwarded, sent, passed, blocked, dropped, rejected,
//	                      no route, martian, expired, too big, malformed, queued, stolen
//	to 10.1.0.5:80        the destination when it was transmitted; also from
//	via eth0              the output link
//	by "allow dns"        the deciding rule, by its comment, its text as iptables-save
//	                      prints it, or its place
//	meets "…", misses "…" a rule that must, or must not, match the packet
//	reaches CHAIN         also never reaches CHAIN
//	masqueraded           also not masqueraded
//	mark 0x1              the mark when it was transmitted
//	answered "rst"        the host sends a packet in response whose text contains this
//	chance 1/3            the probability that the other conditions of the line hold
//
// or they are the complete result, which the tools that run the file write with their flag
// -update: a line for each branch with its probability if there are several, the fate, the
// link, the packet and the rule that decided. "answer" lines are packets that the host
// sends in response, "log" lines those of LOG rules; if a line begins with TRACE, the
// lines of the kernel's trace are part of the result.
package cases
