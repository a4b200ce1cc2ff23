package target

import "github.com/packetpath/packetpath/netfilter"

// Definitions returns the definitions of all targets of this package.
func Definitions() []*netfilter.Definition {
	return []*netfilter.Definition{
		&acceptDefinition,
		&dropDefinition,
		&markDefinition,
		&queueDefinition,
		&returnDefinition,
	}
}
