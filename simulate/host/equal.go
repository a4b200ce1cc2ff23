package host

import (
	"reflect"
	"slices"
)

// The Equal methods below let go-cmp compare values of this package without
// options.

// Equal reports whether both are the same address.
func (a Address) Equal(o Address) bool { return a == o }

// Equal reports whether both are the same route.
func (r Route) Equal(o Route) bool {
	same := slices.Equal(r.Nexthops, o.Nexthops)
	r.Nexthops, o.Nexthops = nil, nil
	return same && reflect.DeepEqual(r, o)
}

// Equal reports whether both are the same next hop.
func (n Nexthop) Equal(o Nexthop) bool { return n == o }

// Equal reports whether both are the same rule.
func (r PolicyRule) Equal(o PolicyRule) bool {
	a, b := r.SuppressPrefixLength, o.SuppressPrefixLength
	if (a == nil) != (b == nil) || a != nil && *a != *b {
		return false
	}
	r.SuppressPrefixLength, o.SuppressPrefixLength = nil, nil
	return r == o
}
