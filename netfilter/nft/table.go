package nft

// Table holds chains, sets, objects and flowtables of one family.
type Table struct {
	Family  Family
	Name    string
	Handle  uint64 // 0 if not known
	Comment string
	Dormant bool // its base chains are not called
	Owner   bool // bound to the process that created it
	Persist bool // kept when its owner exits

	// Each in the order of creation.
	Chains     []*Chain
	Sets       []*Set
	Objects    []*Object
	Flowtables []*Flowtable

	// LastHandle is the last handle assigned in this table; 0 if handles are not
	// known.
	LastHandle uint64
}

// Chain returns a chain, or nil.
func (t *Table) Chain(name string) *Chain {
	for _, c := range t.Chains {
		if c != nil && c.Name == name {
			return c
		}
	}
	return nil
}

// Set returns a named set or map, or nil.
func (t *Table) Set(name string) *Set {
	for _, s := range t.Sets {
		if s != nil && s.Name == name {
			return s
		}
	}
	return nil
}

// Object returns an object, or nil: each kind has its own namespace.
func (t *Table) Object(kind ObjectKind, name string) *Object {
	for _, o := range t.Objects {
		if o != nil && o.Name == name && o.Kind() == kind {
			return o
		}
	}
	return nil
}

// Flowtable returns a flowtable, or nil.
func (t *Table) Flowtable(name string) *Flowtable {
	for _, f := range t.Flowtables {
		if f != nil && f.Name == name {
			return f
		}
	}
	return nil
}

// NewHandle assigns and returns the next handle of this table.
func (t *Table) NewHandle() uint64 {
	t.LastHandle++
	return t.LastHandle
}
