// Package nflog formats the kernel log lines of a packet: those of LOG rules and of TRACE,
// byte for byte as net/netfilter/nf_log_syslog.c of Linux 6.18, including the trailing
// space.
//
// Older kernels write the same but for one flag: AE, the lowest of the TCP
// header's reserved bits, is shown in RES there.
package nflog
