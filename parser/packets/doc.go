// Package packets reads packets in the words that people have for them: the
// language of parser.ParsePacket with what is commonly written in its place, the
// option words of iptables, a question as for "ip route get", and lines of
// tcpdump, of TRACE and of LOG.
//
// What a text does not say and a packet must have, such as a source port, is
// chosen and noted.
package packets
