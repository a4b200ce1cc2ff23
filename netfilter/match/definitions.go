package match

import "github.com/packetpath/packetpath/netfilter"

// Definitions returns the definitions of all matches of this package.
func Definitions() []*netfilter.Definition {
	return []*netfilter.Definition{
		&commentDefinition,
		&icmpDefinition,
		&icmp6Definition,
		&markDefinition,
		&multiportDefinition,
		&tcpDefinition,
		&udpDefinition,
	}
}
