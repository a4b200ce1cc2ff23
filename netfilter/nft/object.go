package nft

import (
	"fmt"
	"time"
)

// ObjectKind is the kind of a named object. The zero value is none.
type ObjectKind uint8

// The kinds, in the kernel's numbering (NFT_OBJECT_*).
const (
	CounterObject       ObjectKind = 1
	QuotaObject         ObjectKind = 2
	CTHelperObject      ObjectKind = 3
	LimitObject         ObjectKind = 4
	ConnLimitObject     ObjectKind = 5
	TunnelObject        ObjectKind = 6
	CTTimeoutObject     ObjectKind = 7
	SecMarkObject       ObjectKind = 8
	CTExpectationObject ObjectKind = 9
	SynproxyObject      ObjectKind = 10
)

var objectNames = [...]string{"", "counter", "quota", "ct helper", "limit", "ct count", "tunnel", "ct timeout", "secmark", "ct expectation", "synproxy"}

// String returns the words that nft uses.
func (k ObjectKind) String() string { return named(objectNames[:], k, "object") }

// Object is a named object, shared by the rules that refer to it.
type Object struct {
	Name    string
	Handle  uint64
	Comment string
	// Value is *Counter, *Quota, *Limit, *ConnLimit, *Synproxy, or one of the
	// types below.
	Value ObjectValue
}

// ObjectValue is the value of an object.
type ObjectValue interface{ object() ObjectKind }

// Kind returns the kind of the object.
func (o *Object) Kind() ObjectKind {
	if o.Value == nil {
		return 0
	}
	return o.Value.object()
}

// CTHelper assigns a helper to connections (nft_ct.c, nft_ct_helper_obj_eval).
type CTHelper struct {
	Helper  string
	L4Proto uint8
	L3Proto Family // IP, IP6 or Inet
}

// CTTimeout assigns a timeout policy to connections (nft_ct.c,
// nft_ct_timeout_obj_eval).
type CTTimeout struct {
	L4Proto uint8
	L3Proto Family
	Policy  []CTTimeoutPolicy // in the order of the protocol's states
}

// CTTimeoutPolicy is the timeout of one state.
type CTTimeoutPolicy struct {
	State   string
	Timeout time.Duration
}

// CTExpectation adds expected connections (nft_ct.c,
// nft_ct_expect_obj_eval).
type CTExpectation struct {
	L4Proto uint8
	L3Proto Family
	DPort   uint16
	Timeout time.Duration
	Size    uint8
}

// SecMark sets a packet's security mark (nft_meta.c, nft_secmark_obj_eval).
type SecMark struct{ Context string }

// Tunnel sets the encapsulation metadata used by a tunnel device
// (nft_tunnel.c). Its parameters are stored as text.
type Tunnel struct{ Lines []string }

func (*Counter) object() ObjectKind       { return CounterObject }
func (*Quota) object() ObjectKind         { return QuotaObject }
func (*Limit) object() ObjectKind         { return LimitObject }
func (*ConnLimit) object() ObjectKind     { return ConnLimitObject }
func (*Synproxy) object() ObjectKind      { return SynproxyObject }
func (*CTHelper) object() ObjectKind      { return CTHelperObject }
func (*CTTimeout) object() ObjectKind     { return CTTimeoutObject }
func (*CTExpectation) object() ObjectKind { return CTExpectationObject }
func (*SecMark) object() ObjectKind       { return SecMarkObject }
func (*Tunnel) object() ObjectKind        { return TunnelObject }

// String returns kind and name.
func (o *Object) String() string { return fmt.Sprintf("%s %s", o.Kind(), o.Name) }
