// Package cbpf runs programs of classic BPF as the kernel does for the bpf
// match: checked once, then run over a packet from its IP header on.
//
// golang.org/x/net/bpf does the running. Where its machine and the kernel's
// part, the program is written anew in instructions on which they agree: facts
// about the packet and its length become constants, shifts by X take the lower
// five bits of it, offsets wrap at 32 bits, those from 0xfff00000 on count from
// the IP header, and what the kernel negates is subtracted from 0.
package cbpf
