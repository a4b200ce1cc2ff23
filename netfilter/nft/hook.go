package nft

import "fmt"

// Hook is a hook of base chains. The numbers are not the kernel's, which depend
// on the family. The zero value is prerouting.
type Hook uint8

// The hooks.
const (
	Prerouting Hook = iota
	Input
	Forward
	Output
	Postrouting
	Ingress
	Egress
)

var hookNames = [...]string{"prerouting", "input", "forward", "output", "postrouting", "ingress", "egress"}

// String returns the word that nft uses.
func (h Hook) String() string {
	if int(h) < len(hookNames) {
		return hookNames[h]
	}
	return fmt.Sprintf("hook%d", uint8(h))
}

// HookByName returns the hook that nft calls by this word.
func HookByName(name string) (Hook, bool) {
	for h, n := range hookNames {
		if n == name {
			return Hook(h), true
		}
	}
	return 0, false
}

// Hooks reports whether the family supports base chains at the hook
// (net/netfilter/core.c, nf_hook_entry_head; nf_tables_api.c, nft_chain_types).
func (f Family) Hooks(h Hook) bool {
	switch f {
	case IP, IP6, Bridge:
		return h <= Postrouting
	case Inet:
		return h <= Ingress
	case ARP:
		return h == Input || h == Output
	case Netdev:
		return h == Ingress || h == Egress
	}
	return false
}
