package ipset

// The Equal methods below let go-cmp compare values of this package without
// options.

// Equal reports whether both are the same element.
func (e Element) Equal(o Element) bool { return e == o }

// Equal reports whether both are the same reference.
func (r Ref) Equal(o Ref) bool { return r == o }

// Equal reports whether both sets have the same name, type, options and entries,
// in the same order.
func (s Set) Equal(o Set) bool { return s.String() == o.String() }

// Equal reports whether both have the same sets now, in the same order.
func (ss Sets) Equal(o Sets) bool {
	if ss.list.len() != o.list.len() || ss.now != o.now {
		return false
	}
	for i := range ss.list.len() {
		a, b := ss.list.at(i).set, o.list.at(i).set
		if (a == nil) != (b == nil) || a != nil && string(a.AppendSave(nil, ss.now)) != string(b.AppendSave(nil, o.now)) {
			return false
		}
	}
	return true
}
