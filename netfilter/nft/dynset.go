package nft

import (
	"fmt"
	"time"
)

// DynsetOp is the operation of a rule on a set. The zero value is add.
type DynsetOp uint8

// The operations, in the kernel's numbering (enum nft_dynset_ops).
const (
	DynsetAdd DynsetOp = iota
	DynsetUpdate
	DynsetDelete
)

var dynsetNames = [...]string{"add", "update", "delete"}

// String returns the word that nft uses.
func (o DynsetOp) String() string { return named(dynsetNames[:], o, "op") }

// Dynset changes a set from a rule (nft_dynset.c).
type Dynset struct {
	Op      DynsetOp
	Set     SetRef
	Key     Reg
	Map     bool // the element has data
	Data    Reg
	Timeout time.Duration // 0: the default of the set
	Exprs   []Expr        // stateful expressions of new elements
}

// String implements Expr.
func (e *Dynset) String() string {
	s := fmt.Sprintf("dynset %s reg_key %s set %s", e.Op, e.Key, e.Set)
	if e.Map {
		s += fmt.Sprintf(" sreg_data %s", e.Data)
	}
	if e.Timeout != 0 {
		s += fmt.Sprintf(" timeout %dms", e.Timeout.Milliseconds())
	}
	for _, x := range e.Exprs {
		s += fmt.Sprintf(" expr [ %s ]", x)
	}
	return s
}
