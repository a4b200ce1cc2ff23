package fib

import "strings"

// Type is the type of a route or of an address (linux/rtnetlink.h, RTN_*).
type Type uint8

// The route types, with the kernel's numbers.
const (
	TypeUnspec Type = iota
	TypeUnicast
	TypeLocal
	TypeBroadcast
	TypeAnycast
	TypeMulticast
	TypeBlackhole
	TypeUnreachable
	TypeProhibit
	TypeThrow
)

var typeNames = [...]string{"unspec", "unicast", "local", "broadcast", "anycast", "multicast",
	"blackhole", "unreachable", "prohibit", "throw"}

// String returns iproute2's word.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "unknown"
}

// errno is the result of a lookup that ends at a route of this type
// (net/ipv4/fib_semantics.c, fib_props; net/ipv6/route.c, fib6_prop).
func (t Type) errno() Errno {
	switch t {
	case TypeBlackhole:
		return EINVAL
	case TypeUnreachable:
		return EHOSTUNREACH
	case TypeProhibit:
		return EACCES
	case TypeThrow:
		return errAgain
	}
	return 0
}

func (t Type) rejects() bool { return t.errno() != 0 }

// TypeSet is a set of types: bit n is type n, as in struct xt_addrtype_info_v1.
type TypeSet uint16

// Of makes a set.
func Of(types ...Type) TypeSet {
	var s TypeSet
	for _, t := range types {
		s |= 1 << t
	}
	return s
}

// Has reports whether t is in the set.
func (s TypeSet) Has(t Type) bool { return s&(1<<t) != 0 }

// String lists the types, separated by commas.
func (s TypeSet) String() string {
	var names []string
	for t := range Type(len(typeNames)) {
		if s.Has(t) {
			names = append(names, t.String())
		}
	}
	return strings.Join(names, ",")
}

// Kind is the fate of a packet after input routing.
type Kind uint8

// The kinds of Input results.
const (
	KindNone               Kind = iota
	KindLocal                   // delivered: the destination is an address of the host
	KindBroadcast               // delivered: broadcast
	KindMulticast               // delivered: a group the host has joined
	KindForward                 // passed on through Result.Link
	KindNotMember               // dropped: multicast to a group nobody here joined
	KindMartianSource           // dropped: impossible source address
	KindMartianDestination      // dropped: impossible destination address
	KindNoForwarding            // dropped: not for this host, which is no router
	KindUnreachable             // dropped, ICMP destination unreachable with Result.Code
	KindProhibit                // dropped, ICMP administratively prohibited with Result.Code
	KindBlackhole               // dropped silently
	KindIPv6Disabled            // dropped: disable_ipv6 on the link
)

var kindNames = [...]string{"none", "local", "broadcast", "multicast", "forward", "not a group member",
	"martian source", "martian destination", "not forwarding", "unreachable", "prohibited", "blackhole",
	"IPv6 disabled"}

// String returns a short name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Delivered reports whether the host itself gets the packet.
func (k Kind) Delivered() bool { return k == KindLocal || k == KindBroadcast || k == KindMulticast }

// Dropped reports whether the packet ends at the routing decision.
func (k Kind) Dropped() bool { return k > KindForward }
