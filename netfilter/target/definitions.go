package target

import "github.com/packetpath/packetpath/netfilter"

// Definitions returns the definitions of all targets of this package.
func Definitions() []*netfilter.Definition {
	return []*netfilter.Definition{
		&acceptDefinition,
		&classifyDefinition,
		&connmarkDefinition,
		&ctDefinition,
		&dnatDefinition,
		&dropDefinition,
		&dscpDefinition,
		&ecnDefinition,
		&hlDefinition,
		&logDefinition,
		&markDefinition,
		&masqueradeDefinition,
		&netmapDefinition,
		&nflogDefinition,
		&nfqueueDefinition,
		&notrackDefinition,
		&queueDefinition,
		&redirectDefinition,
		&rejectDefinition,
		&reject6Definition,
		&returnDefinition,
		&setDefinition,
		&snatDefinition,
		&tcpmssDefinition,
		&tcpoptstripDefinition,
		&tosDefinition,
		&traceDefinition,
		&ttlDefinition,
	}
}
