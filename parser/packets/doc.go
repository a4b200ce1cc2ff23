// Package packets parses descriptions of packets in several formats: the
// language of parser.ParsePacket with common variations, options of iptables,
// arguments of "ip route get", and lines of tcpdump, of TRACE and of LOG.
//
// Missing information that a packet must have, such as a source port, is chosen
// and reported as a note.
package packets
