package syntax

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// Expr is an expression in the text of a rule.
type Expr interface{ Info() *Common }

// Common holds the fields that all expressions have.
type Common struct {
	Type  *Type // nil if not known yet
	Bits  int
	Order Order
	At    Span
}

// Span is a range of the text, in bytes from its beginning.
type Span struct{ Start, End int }

// To returns the span from the beginning of s to the end of t.
func (s Span) To(t Span) Span { return Span{s.Start, max(s.End, t.End)} }

// Info returns the expression's type, size and position.
func (i *Common) Info() *Common { return i }

// Bytes returns the size of the expression in bytes.
func (i *Common) Bytes() int { return (i.Bits + 7) / 8 }

// Set sets type, size and order to those of o.
func (i *Common) Set(t *Type, bits int, o Order) { i.Type, i.Bits, i.Order = t, bits, o }

// Op is an operator.
type Op uint8

// The operators. Implicit is that of a comparison without one.
const (
	Implicit Op = iota
	Eq
	Neq
	Lt
	Gt
	Lte
	Gte
	Neg // "!", of flags
	And
	Or
	Xor
	Shl
	Shr
)

var opText = [...]string{"", "==", "!=", "<", ">", "<=", ">=", "!", "&", "|", "^", "<<", ">>"}

// String returns the operator's sign.
func (o Op) String() string { return opText[o] }

type (
	// Symbol is a word whose meaning depends on the type that is expected.
	Symbol struct {
		Common
		Text   string
		Quoted bool
	}
	// Value is a constant.
	Value struct {
		Common
		N    Num
		S    string // of strings
		Wild bool   // a string that ends in "*"
	}
	// Prefix is a value with the number of leading bits that count.
	Prefix struct {
		Common
		Base Expr
		Len  int
	}
	// Range is all values from one to another.
	Range struct {
		Common
		From, To Expr
	}
	// List is a list of flags separated by commas.
	List struct {
		Common
		Items []Expr
	}
	// Set is a list of elements in braces.
	Set struct {
		Common
		Elems    []*Elem
		Interval bool // some are ranges
	}
	// Elem is an element of a set.
	Elem struct {
		Common
		Key     Expr // nil for "*"
		Data    Expr // nil in sets
		Stmts   []Stmt
		Timeout time.Duration
		Expires time.Duration
		Never   bool
		Comment string
	}
	// SetRef is a named set, or an anonymous set.
	SetRef struct {
		Common
		Name string
		Set  *nft.Set
		Init *Set // elements of an anonymous set
	}
	// Concat is a concatenation of expressions, separated by dots.
	Concat struct {
		Common
		Parts []Expr
	}
	// Binop is an operation of two expressions.
	Binop struct {
		Common
		Op   Op
		L, R Expr
	}
	// Swap changes the byte order of an expression. It is not printed.
	Swap struct {
		Common
		Arg Expr
	}
	// Payload is a number of bits of the packet.
	Payload struct {
		Common
		Base   nft.PayloadBase
		Off    int // in bits
		Header *Header
		Field  *Field // nil if it has no name
	}
	// Exthdr is a number of bits of an extension header, option or chunk.
	Exthdr struct {
		Common
		Op      nft.ExthdrOp
		Type    uint8
		Off     int // in bits
		Present bool
		Option  *Option
		Field   *Field // nil if it has no name
	}
	// Meta is a meta expression: metadata of the packet.
	Meta struct {
		Common
		Key nft.MetaKey
	}
	// CT is a ct expression: a property of the packet's connection.
	CT struct {
		Common
		Key    nft.CTKey
		Dir    nft.CTDir
		Family nft.Family // of saddr and daddr
	}
	// RT is an rt expression: a property of the packet's route.
	RT struct {
		Common
		Key     nft.RTKey
		Generic bool // "rt nexthop" without a family
	}
	// Socket is a socket expression: a property of the packet's socket.
	Socket struct {
		Common
		Key   nft.SocketKey
		Level uint32
	}
	// OSF is an osf expression: the sender's operating system.
	OSF struct {
		Common
		TTL     uint8
		Version bool
	}
	// Fib is a fib expression: a lookup in the routing tables.
	Fib struct {
		Common
		Flags  uint32
		Result nft.FibResult
	}
	// Numgen is a number from a generator.
	Numgen struct {
		Common
		Random      bool
		Mod, Offset uint32
	}
	// Hash is a hash of an expression, or of the packet (symhash).
	Hash struct {
		Common
		Arg         Expr // nil for symhash
		Mod, Offset uint32
		Seed        uint32
		HasSeed     bool
	}
	// Xfrm is an ipsec expression: a property of an IPsec transform.
	Xfrm struct {
		Common
		Key nft.XfrmKey
		Out bool
		Num uint32
	}
	// Map looks an expression up in a map.
	Map struct {
		Common
		Key Expr
		Map Expr // *Set, *SetRef or *Symbol
	}
	// Verdict is a verdict.
	Verdict struct {
		Common
		Code    nft.VerdictCode
		Chain   string
		ChainAt Span
		Block   *nft.Chain
		Rules   []*RuleText // of an anonymous chain
	}
	// Rel is a comparison.
	Rel struct {
		Common
		Op   Op
		L, R Expr
	}
	// FlagCmp compares some flags of an expression: "flags value / mask".
	FlagCmp struct {
		Common
		Op                Op
		Expr, Mask, Value Expr
	}
)

// RuleText is a rule's statements before they are loaded.
type RuleText struct {
	Stmts   []Stmt
	Comment string
	At      Span
}

// Constant reports whether an expression has the same value for all packets.
func Constant(e Expr) bool {
	switch e := e.(type) {
	case *Value, *Prefix, *Range, *Verdict, *Set, *List, *Symbol, *SetRef:
		return true
	case *Concat:
		for _, p := range e.Parts {
			if !Constant(p) {
				return false
			}
		}
		return true
	case *Binop:
		return Constant(e.L) && Constant(e.R)
	}
	return false
}

// Singleton reports whether a constant is a single value.
func Singleton(e Expr) bool {
	switch e := e.(type) {
	case *Value:
		return !e.Wild
	case *Verdict:
		return true
	case *Concat:
		for _, p := range e.Parts {
			if !Singleton(p) {
				return false
			}
		}
		return true
	}
	return false
}
