package nft

import "fmt"

// hookSet is a set of hooks.
type hookSet uint8

func hooks(hs ...Hook) hookSet {
	var s hookSet
	for _, h := range hs {
		s |= 1 << h
	}
	return s
}

var ipHooks = hooks(Prerouting, Input, Forward, Output, Postrouting)

// Validate returns the error with which the kernel refuses an expression in a
// base chain of the family or in a chain called from it, nil if it accepts it.
// It checks the restrictions by chain type and hook (the validate functions of
// nft_*.c).
func Validate(x Expr, f Family, b *Base) error {
	if t, ok := needsType(x); ok && b.Type != t {
		return fmt.Errorf("%s works in chains of type %s only", word(x), t)
	}
	if s, ok := needsHook(x, f); ok && s&(1<<b.Hook) == 0 {
		return fmt.Errorf("%s does not work at hook %s", word(x), b.Hook)
	}
	return nil
}

func needsType(x Expr) (ChainType, bool) {
	switch x.(type) {
	case *NAT, *Masquerade, *Redirect:
		return NATChain, true
	}
	return "", false
}

// needsHook returns the hooks at which an expression may be used; false if it
// may be used at all of them.
func needsHook(x Expr, f Family) (hookSet, bool) {
	switch x := x.(type) {
	case *NAT:
		if x.Source {
			return hooks(Postrouting, Input), true
		}
		return hooks(Prerouting, Output), true
	case *Masquerade:
		return hooks(Postrouting), true
	case *Redirect:
		return hooks(Prerouting, Output), true
	case *Reject:
		return rejectHooks(f)
	case *Fib:
		return fibHooks(x, f)
	case *RT:
		if x.Key == RTTCPMSS {
			return hooks(Forward, Output, Postrouting), true
		}
	case *FlowOffload:
		return hooks(Forward), true
	case *Synproxy:
		return hooks(Input, Forward), true
	case *TProxy:
		return hooks(Prerouting), true
	case *Socket:
		return hooks(Prerouting, Input, Output), true
	case *Queue:
		return ipHooks, true
	case *OSF:
		return hooks(Prerouting, Input, Forward), true
	case *Xfrm:
		if x.Out {
			return hooks(Forward, Output, Postrouting), true
		}
		return hooks(Prerouting, Input, Forward), true
	case *Fwd:
		return hooks(Ingress, Egress), true
	case *Meta:
		return metaHooks(x, f)
	case *MetaSet:
		if x.Key == MetaPktType {
			return hooks(Prerouting, Ingress), true
		}
		if x.Key == MetaBriBroute {
			return hooks(Prerouting), true
		}
	}
	return 0, false
}

func rejectHooks(f Family) (hookSet, bool) {
	switch f {
	case Bridge:
		return hooks(Prerouting, Input), true
	case Netdev:
		return hooks(Ingress), true
	case Inet:
		return hooks(Input, Forward, Output, Prerouting, Ingress), true
	}
	return hooks(Input, Forward, Output, Prerouting), true
}

func fibHooks(x *Fib, f Family) (hookSet, bool) {
	switch {
	case f == Netdev:
		return hooks(Ingress), true
	case x.Result != FibAddrType, x.Flags&FibIIF != 0:
		return hooks(Prerouting, Input, Forward), true
	case x.Flags&FibOIFFlag != 0:
		return hooks(Output, Forward, Postrouting), true
	}
	return ipHooks, true
}

func metaHooks(x *Meta, f Family) (hookSet, bool) {
	switch x.Key {
	case MetaSecPath:
		if f == Netdev {
			return hooks(Ingress), true
		}
		return hooks(Prerouting, Input, Forward), true
	case MetaSDIF, MetaSDIFName:
		return hooks(Input, Forward), true
	}
	return 0, false
}

// Supported returns the error with which the kernel refuses an expression in
// every chain of the family, nil if the family supports it (the init functions
// of nft_*.c).
func Supported(x Expr, f Family) error {
	bad := false
	switch x := x.(type) {
	case *Meta:
		switch x.Key {
		case MetaBriIIFName, MetaBriOIFName, MetaBriIIFPVID, MetaBriIIFVProto, MetaBriIIFHwAddr:
			bad = f != Bridge
		case MetaNFTrace, MetaBriBroute:
			bad = true
		}
	case *MetaSet:
		bad = x.Key == MetaBriBroute && f != Bridge
	case *ExthdrSet:
		bad = x.Len != 2 && x.Len != 4
	case *CT:
		bad = f == ARP || f == Netdev
	case *CTSet:
		bad = f == ARP || f == Netdev
	case *ConnLimit:
		bad = f == ARP || f == Netdev
	case *Socket:
		bad = f != IP && f != IP6 && f != Inet
	case *OSF:
		bad = f != IP && f != Inet
	}
	if bad {
		return fmt.Errorf("%s can't stand in tables of family %s", word(x), f)
	}
	return nil
}

// word returns the name of an expression for error messages.
func word(x Expr) string {
	switch x := x.(type) {
	case *NAT:
		if x.Source {
			return "snat"
		}
		return "dnat"
	case *Masquerade:
		return "masquerade"
	case *Redirect:
		return "redirect"
	case *Reject:
		return "reject"
	case *Fib:
		return "this question to the routing tables"
	case *RT:
		return "rt " + x.Key.String()
	case *FlowOffload:
		return "flow add"
	case *Synproxy:
		return "synproxy"
	case *TProxy:
		return "tproxy"
	case *Socket:
		return "socket"
	case *Queue:
		return "queue"
	case *OSF:
		return "osf"
	case *Xfrm:
		return "ipsec"
	case *Fwd:
		return "fwd"
	case *CTSet:
		return "ct " + x.Key.String() + " set"
	case *ConnLimit:
		return "ct count"
	case *Meta:
		return "meta " + x.Key.String()
	case *MetaSet:
		return "meta " + x.Key.String() + " set"
	case *ExthdrSet:
		return "setting this field"
	case *CT:
		return "ct " + x.Key.String()
	}
	return x.String()
}
