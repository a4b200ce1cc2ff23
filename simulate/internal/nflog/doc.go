// Package nflog writes what the kernel's log says about a packet: the text of
// LOG rules and of TRACE, byte for byte as net/netfilter/nf_log_syslog.c of
// Linux 6.18 has it, the blank at the end included.
//
// Older kernels write the same but for one flag: AE, the lowest of the TCP
// header's reserved bits, is shown in RES there.
package nflog
