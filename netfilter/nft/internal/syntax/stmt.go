package syntax

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// Stmt is a statement of a rule.
type Stmt interface{ Position() Span }

// Position returns the position of the statement in the text.
func (s Span) Position() Span { return s }

type (
	// ExprStmt is a comparison, or a lookup in a verdict map.
	ExprStmt struct {
		Span
		Expr Expr
	}
	// VerdictStmt sets the verdict, which ends the rule.
	VerdictStmt struct {
		Span
		Verdict *Verdict
	}
	// Plain is a statement that is a single expression of the kernel (counter, limit,
	// log …).
	Plain struct {
		Span
		Expr nft.Expr
	}
	// ObjRef is a reference to a named object.
	ObjRef struct {
		Span
		Kind nft.ObjectKind
		Expr Expr // a name, or a map
	}
	// Reject refuses the packet.
	Reject struct {
		Span
		Type   nft.RejectType
		Code   Expr // nil if not given
		Family nft.Family
		With   bool // the code is always shown
		Set    bool // the type was given
	}
	// NAT is snat, dnat, masquerade or redirect.
	NAT struct {
		Span
		Kind       NATKind
		Family     nft.Family // as written, or 0
		Addr, Port Expr
		Flags      uint32
		Prefix     bool
		Concat     bool // the address is a map to addresses and ports
		Interval   bool // of ranges of addresses
	}
	// TProxy hands the packet to a local socket.
	TProxy struct {
		Span
		Family     nft.Family // as written, or 0
		Table      nft.Family
		Addr, Port Expr
	}
	// Queue hands the packet to user space.
	Queue struct {
		Span
		Expr  Expr // nil for queue 0
		Flags uint32
	}
	// Dup sends a copy.
	Dup struct {
		Span
		To, Dev Expr
	}
	// Fwd sends the packet.
	Fwd struct {
		Span
		Dev, Addr Expr
		Family    nft.Family
	}
	// MetaSet sets a property of the packet.
	MetaSet struct {
		Span
		Key  nft.MetaKey
		Expr Expr
	}
	// CTSet sets a property of the connection.
	CTSet struct {
		Span
		Key  nft.CTKey
		Dir  nft.CTDir
		Expr Expr
	}
	// PayloadSet sets bits of the packet.
	PayloadSet struct {
		Span
		To, Val Expr
	}
	// ExthdrSet sets bits of an option.
	ExthdrSet struct {
		Span
		To, Val Expr
	}
	// SetStmt changes a set.
	SetStmt struct {
		Span
		Op      nft.DynsetOp
		Set     *SetRef
		Key     Expr
		Data    Expr // nil in sets
		Timeout time.Duration
		Stmts   []Stmt
	}
	// Meter changes a set that is created for the rule.
	Meter struct {
		Span
		Name string
		Size uint32
		Key  *Elem
		Stmt Stmt
		Set  *nft.Set
	}
	// XT is an extension of xtables, loaded by iptables-nft, which nft cannot print.
	XT struct {
		Span
		Target bool
		Name   string
	}
)

// NATKind is the kind of a NAT statement.
type NATKind uint8

// The kinds.
const (
	SNAT NATKind = iota
	DNAT
	Masquerade
	Redirect
)

var natNames = [...]string{"snat", "dnat", "masquerade", "redirect"}

// String returns the statement's word.
func (k NATKind) String() string { return natNames[k] }
