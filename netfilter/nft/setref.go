package nft

// SetRef refers to the set that an expression uses.
type SetRef struct {
	Name string // of a set of the rule's table
	Anon *Set   // an anonymous set of the rule; nil if the set is named
}

// In returns the set, or nil if the table has none of this name or is nil.
func (r SetRef) In(t *Table) *Set {
	if r.Anon != nil {
		return r.Anon
	}
	if t == nil {
		return nil
	}
	return t.Set(r.Name)
}

// String returns the name of the set; for an anonymous set it is the name that
// nft gives it before the kernel numbers it, such as "__set%d".
func (r SetRef) String() string {
	switch {
	case r.Anon == nil:
		return r.Name
	case r.Anon.Meter:
		return r.Anon.Name
	case r.Anon.Data.Kind == ObjectData:
		return "__objmap%d"
	case r.Anon.IsMap():
		return "__map%d"
	}
	return "__set%d"
}
