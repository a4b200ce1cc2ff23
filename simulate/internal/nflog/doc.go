// Package nflog formats the kernel log lines of a packet: those of LOG rules and of TRACE,
// byte for byte as net/netfilter/nf_log_syslog.c of Linux 6.18, including the trailing
// space.
//
// Older kernels print the flag AE, the lowest of the reserved bits of the TCP header, as
// part of RES.
package nflog
