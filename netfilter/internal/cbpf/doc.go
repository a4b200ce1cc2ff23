// Package cbpf runs programs of classic BPF as the kernel does for the bpf
// match: checked once, then run over a packet from its IP header on.
//
// Programs run in the virtual machine of golang.org/x/net/bpf. Instructions for
// which it differs from the kernel are translated to equivalent ones: loads of
// ancillary data and of the packet's length become constants, shifts by X use
// the lower five bits of X, offsets wrap at 32 bits, those from 0xfff00000 on
// are relative to the IP header, and negation becomes a subtraction from 0.
package cbpf
