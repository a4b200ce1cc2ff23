package nft

// Link is a network interface that rules refer to by its index (iif, oif).
type Link struct {
	Index uint32
	Name  string
}

// LinkName returns the name of the interface with an index, "" if it is not
// known. Index 1 is lo.
func (r *Ruleset) LinkName(index uint32) string {
	for _, l := range r.Links {
		if l.Index == index {
			return l.Name
		}
	}
	if index == 1 {
		return "lo"
	}
	return ""
}

// LinkIndex returns the index of an interface. An interface that is not known
// yet is added with the next free index. The index of lo is 1.
func (r *Ruleset) LinkIndex(name string) uint32 {
	next := uint32(2)
	for _, l := range r.Links {
		if l.Name == name {
			return l.Index
		}
		next = max(next, l.Index+1)
	}
	if name == "lo" {
		next = 1
	}
	r.Links = append(r.Links, Link{next, name})
	return next
}
