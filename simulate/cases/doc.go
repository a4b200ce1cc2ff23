// Package cases holds packets to what they should come to, as files say it that
// people without Go write. It reports to its caller; package
// simulate/simtest/casefile runs the same files as tests of Go.
//
// A file is an archive of sections (the format of txtar). Sections packets and
// session hold packets, each on a line of its own; those of packets have no
// connection known before, those of one session share theirs. In a session the
// line "wait 30s" moves the clock, and "reply" is the far end's answer to the
// last packet that left. Lines that begin with # name the case below them.
//
// The indented lines below a packet are what it comes to. Either they are wants,
// separated by commas or lines, all of which must hold on every way that luck
// allows:
//
//	delivered             also forwarded, sent, passed, blocked, dropped, rejected,
//	                      no route, martian, expired, too big, malformed, queued, stolen
//	to 10.1.0.5:80        its destination as it left; also from
//	via eth0              the link it leaves by
//	by "allow dns"        the rule that decides, by its comment, its text as
//	                      iptables-save prints it, or its place
//	meets "…", misses "…" a rule that must, or must not, match on the way
//	reaches CHAIN         also never reaches CHAIN
//	masqueraded           also not masqueraded
//	mark 0x1              its mark as it left
//	answered "rst"        the host sends a packet with these words in answer
//	chance 1/3            how likely the other wants of the line are
//
// or they are written by Update: a line for each way that luck allows, with its
// probability ahead: fate, link, packet and the rule that decided. "answer" lines
// are what the host itself sends, "log" lines what LOG rules say, and if one begins
// with TRACE, the kernel's trace is part of it.
package cases
