package host

import "github.com/packetpath/packetpath/netfilter/ipset"

// Host describes the machine that the rules run on, beyond its rules. The zero
// value is useful: a router with no link of its own but lo, which sends
// everything that is not for 127.0.0.0/8 or ::1 out of an unnamed link.
type Host struct {
	Links  []Link
	Routes []Route      // beyond those the kernel derives from addresses
	Rules  []PolicyRule // nil means the kernel's default rules
	// Sets are the IP sets that rules refer to. Each session has copies of its
	// own; their timeouts begin to count when it begins.
	Sets []*ipset.Set
	// Sysctl holds settings by name, such as "net.ipv4.conf.all.rp_filter":
	// "1". What is not given has the kernel's default, but for forwarding,
	// which is on. simulate.New refuses names it does not know, and those of links that
	// the host does not have.
	Sysctl map[string]string
	Queues []uint16 // queues of NFQUEUE that a program reads
	// Sockets are the sockets of the host. If Sockets is nil, no socket is assumed to
	// exist, and rules that match sockets add an assumption to the result; if it is empty
	// but not nil, there are no sockets.
	Sockets []Socket
}
