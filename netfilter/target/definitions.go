package target

import "github.com/packetpath/packetpath/netfilter"

// Definitions returns the definitions of all targets of this package.
func Definitions() []*netfilter.Definition {
	return []*netfilter.Definition{
		&acceptDefinition,
		&connmarkDefinition,
		&ctDefinition,
		&dnatDefinition,
		&dropDefinition,
		&logDefinition,
		&markDefinition,
		&masqueradeDefinition,
		&netmapDefinition,
		&notrackDefinition,
		&queueDefinition,
		&redirectDefinition,
		&rejectDefinition,
		&reject6Definition,
		&returnDefinition,
		&snatDefinition,
		&traceDefinition,
	}
}
