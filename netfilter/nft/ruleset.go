package nft

// Ruleset holds all nftables objects of a network namespace. The zero value is
// an empty one.
type Ruleset struct {
	// Tables in the order in which they were created, of all families.
	Tables []*Table
	// LastHandle is the last number given to a table; 0 if handles are not known.
	LastHandle uint64
	// Links are the interfaces that rules refer to by index, as of loading the
	// rules. Text contains only their names: a reader assigns indexes to names that
	// are not listed.
	Links []Link
}

// Table returns a table, or nil.
func (r *Ruleset) Table(f Family, name string) *Table {
	for _, t := range r.Tables {
		if t != nil && t.Family == f && t.Name == name {
			return t
		}
	}
	return nil
}
