package nft

import "fmt"

// ObjRef calls a named object (nft_objref.c): one by its name, or one that a
// map gives for a register's bytes.
type ObjRef struct {
	Kind   ObjectKind
	Name   string // of the object; "" if a map says which
	Map    SetRef
	Source Reg
}

func (e *ObjRef) String() string {
	if e.Name == "" {
		return fmt.Sprintf("objref sreg %s set %s", e.Source, e.Map)
	}
	return fmt.Sprintf("objref type %d name %s", e.Kind, e.Name)
}
