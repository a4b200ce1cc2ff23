// Package cbpf runs programs of classic BPF as the kernel does for the bpf
// match: checked once, then run over a packet from its IP header on.
//
// The kernel's behaviour differs from that of golang.org/x/net/bpf where it
// counts: shifts by a register take the lower five bits, the length may be
// loaded into X, and loads beyond 0xfffff000 read facts about the packet.
package cbpf
