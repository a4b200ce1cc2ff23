package match

import "github.com/packetpath/packetpath/netfilter"

// Definitions returns the definitions of all matches of this package.
func Definitions() []*netfilter.Definition {
	return []*netfilter.Definition{
		&addrtypeDefinition,
		&commentDefinition,
		&connmarkDefinition,
		&conntrackDefinition,
		&dccpDefinition,
		&hashlimitDefinition,
		&hashlimitDefinition6,
		&icmpDefinition,
		&icmp6Definition,
		&limitDefinition,
		&markDefinition,
		&multiportDefinition,
		&quotaDefinition,
		&recentDefinition,
		&recentDefinition6,
		&sctpDefinition,
		&setDefinition,
		&stateDefinition,
		&statisticDefinition,
		&tcpDefinition,
		&udpDefinition,
	}
}
