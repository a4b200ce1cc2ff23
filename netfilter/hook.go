package netfilter

// Hook is a place in the packet's path where tables are consulted
// (include/uapi/linux/netfilter.h, enum nf_inet_hooks). The zero value is
// PREROUTING.
type Hook uint8

// The five hooks, in the kernel's numbering.
const (
	Prerouting Hook = iota
	Input
	Forward
	Output
	Postrouting
	NumHooks = 5
)

var hookNames = [NumHooks]string{"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}

// String returns the name of the hook's built-in chain.
func (h Hook) String() string {
	if int(h) < len(hookNames) {
		return hookNames[h]
	}
	return "hook?"
}

// HookByName returns the hook whose built-in chain has this name.
func HookByName(name string) (Hook, bool) {
	for h, n := range hookNames {
		if n == name {
			return Hook(h), true
		}
	}
	return 0, false
}

// Hooks is a set of hooks. The zero value is the empty set.
type Hooks uint8

// HooksOf returns the set of the given hooks.
func HooksOf(hs ...Hook) Hooks {
	var s Hooks
	for _, h := range hs {
		s |= 1 << h
	}
	return s
}

// Has reports whether h is in the set.
func (s Hooks) Has(h Hook) bool { return s&(1<<h) != 0 }

// String lists the hooks in the kernel's order, separated by blanks.
func (s Hooks) String() string {
	out := ""
	for h := Prerouting; h < NumHooks; h++ {
		if s.Has(h) {
			if out != "" {
				out += " "
			}
			out += h.String()
		}
	}
	return out
}

// TableInfo describes a built-in table: its hooks and priorities.
type TableInfo struct {
	Name  string
	Hooks Hooks
	// Priority orders the tables of one hook, lowest first
	// (include/uapi/linux/netfilter_ipv4.h, enum nf_ip_hook_priorities; the
	// same numbers serve IPv6).
	Priority [NumHooks]int
}

// PriorityIn returns the priority of the table's chain at a hook in rules of a
// backend; 0 if there is no such hook. iptables-nft registers the chains of table
// security at 150, after the translation of sources (iptables/nft.c, xtables_ipv4).
func (t *TableInfo) PriorityIn(b Backend, h Hook) int {
	if b == NFTables && t.Name == "security" {
		return 150
	}
	if h >= NumHooks {
		return 0
	}
	return t.Priority[h]
}

func everywhere(p int) [NumHooks]int { return [NumHooks]int{p, p, p, p, p} }

// Priorities of the hook functions that are not tables.
const (
	PriorityDefrag    = -400
	PriorityConntrack = -200
	PriorityNATDst    = -100
	PriorityNATSrc    = 100
)

var tableInfos = []TableInfo{
	{"raw", HooksOf(Prerouting, Output), everywhere(-300)},
	{"mangle", HooksOf(Prerouting, Input, Forward, Output, Postrouting), everywhere(-150)},
	{"nat", HooksOf(Prerouting, Input, Output, Postrouting),
		[NumHooks]int{Prerouting: PriorityNATDst, Input: PriorityNATSrc, Output: PriorityNATDst, Postrouting: PriorityNATSrc}},
	{"filter", HooksOf(Input, Forward, Output), everywhere(0)},
	{"security", HooksOf(Input, Forward, Output), everywhere(50)},
}

// TableInfoFor returns the description of a table; false if the kernel has no
// table of this name.
func TableInfoFor(name string) (TableInfo, bool) {
	for _, t := range tableInfos {
		if t.Name == name {
			return t, true
		}
	}
	return TableInfo{}, false
}

// TableNames returns the names of the kernel's tables.
func TableNames() []string {
	names := make([]string, len(tableInfos))
	for i, t := range tableInfos {
		names[i] = t.Name
	}
	return names
}
