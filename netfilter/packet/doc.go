// Package packet holds IPv4 and IPv6 packets: their bytes, what a host knows
// about a packet beyond its bytes, the headers in it, and changes that keep
// lengths and checksums correct.
//
// A [Packet] is decoded from bytes with [Decode], built with [Spec.Build], or
// laid over bytes that the caller keeps with [View]. Package netfilter re-exports
// Packet and Family under the same names.
package packet
