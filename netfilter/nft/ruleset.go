package nft

// Ruleset is all that nft lists in one network namespace. The zero value is an
// empty one.
type Ruleset struct {
	// Tables in the order in which they were created, of all families.
	Tables []*Table
	// LastHandle is the last number given to a table; 0 if handles are not known.
	LastHandle uint64
	// Links are the interfaces that rules name by their index, as they were
	// when the rules were loaded. Text holds names only: what reads it numbers
	// those that it is not told of.
	Links []Link
}

// Table returns a table, or nil.
func (r *Ruleset) Table(f Family, name string) *Table {
	for _, t := range r.Tables {
		if t.Family == f && t.Name == name {
			return t
		}
	}
	return nil
}
