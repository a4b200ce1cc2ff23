package fib

import (
	"fmt"
	"strconv"
)

// Explain describes in the words of "ip route" which route and rule decided r, for
// example "192.168.3.0/24 dev cni0 scope link (table main)". It returns "" for a
// result no route or rule decided.
func (f *FIB) Explain(r Result) string {
	switch {
	case r.Route != nil:
		return f.RouteText(r.Route) + f.ruleText(r.Rule)
	case r.Rule != nil:
		return "policy rule " + strconv.FormatUint(uint64(r.Rule.Priority), 10) + " " + r.Rule.Action.String()
	}
	return ""
}

// ruleText mentions the rule unless it is a default one.
func (f *FIB) ruleText(r *Rule) string {
	if r == nil {
		return ""
	}
	for _, d := range defaultRules(r.IPv6) {
		if d == *r {
			return ""
		}
	}
	return fmt.Sprintf(" by policy rule %d", r.Priority)
}

// RouteText prints a route, ending in its table.
func (f *FIB) RouteText(r *Route) string {
	b := []byte{}
	if r.Type != TypeUnicast {
		b = append(append(b, r.Type.String()...), ' ')
	}
	switch {
	case r.Dst.Bits() == 0:
		b = append(b, "default"...)
	case r.Dst.IsSingleIP():
		b = r.Dst.Addr().AppendTo(b)
	default:
		b = r.Dst.AppendTo(b)
	}
	if r.From.IsValid() {
		b = fmt.Appendf(b, " from %v", r.From)
	}
	if r.TOS != 0 {
		b = fmt.Appendf(b, " tos %#x", r.TOS)
	}
	b = f.appendHop(b, r.Via.IsValid(), Nexthop{Via: r.Via, Link: r.Link})
	b = f.appendAttributes(b, r)
	for _, n := range r.Nexthops {
		b = append(b, " nexthop"...)
		b = f.appendHop(b, n.Via.IsValid(), n)
		b = fmt.Appendf(b, " weight %d", n.Weight)
	}
	return string(fmt.Appendf(b, " (table %s)", tableName(r.Table)))
}

func (f *FIB) appendHop(b []byte, via bool, n Nexthop) []byte {
	if via {
		b = fmt.Appendf(b, " via %v", n.Via)
	}
	if l := f.links[n.Link]; l != nil {
		b = fmt.Appendf(b, " dev %s", l.Name)
	}
	return b
}

func (f *FIB) appendAttributes(b []byte, r *Route) []byte {
	switch {
	case r.Protocol == ProtoKernel:
		b = append(b, " proto kernel"...)
	case r.Protocol == ProtoRA:
		b = append(b, " proto ra"...)
	}
	switch r.Scope {
	case ScopeSite:
		b = append(b, " scope site"...)
	case ScopeLink:
		b = append(b, " scope link"...)
	case ScopeHost:
		b = append(b, " scope host"...)
	}
	if r.PrefSrc.IsValid() {
		b = fmt.Appendf(b, " src %v", r.PrefSrc)
	}
	if r.Metric != 0 {
		b = fmt.Appendf(b, " metric %d", r.Metric)
	}
	if r.MTU != 0 {
		b = fmt.Appendf(b, " mtu %d", r.MTU)
	}
	return b
}

func tableName(id uint32) string {
	switch id {
	case TableDefault:
		return "default"
	case TableMain:
		return "main"
	case TableLocal:
		return "local"
	}
	return strconv.FormatUint(uint64(id), 10)
}

// String returns iproute2's word.
func (a Action) String() string {
	switch a {
	case ActionLookup:
		return "lookup"
	case ActionBlackhole:
		return "blackhole"
	case ActionUnreachable:
		return "unreachable"
	case ActionProhibit:
		return "prohibit"
	case ActionGoto:
		return "goto"
	case ActionNop:
		return "nop"
	}
	return "unknown"
}
