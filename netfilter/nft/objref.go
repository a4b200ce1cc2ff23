package nft

import "fmt"

// ObjRef evaluates a named object (nft_objref.c): one given by name, or the one
// that a map yields for a register's bytes.
type ObjRef struct {
	Kind   ObjectKind
	Name   string // of the object; "" if it is looked up in a map
	Map    SetRef
	Source Reg
}

// String implements Expr.
func (e *ObjRef) String() string {
	if e.Name == "" {
		return fmt.Sprintf("objref sreg %s set %s", e.Source, e.Map)
	}
	return fmt.Sprintf("objref type %d name %s", e.Kind, e.Name)
}
