package nft

import "time"

// Set is a set, or a map if its elements have data.
type Set struct {
	Name    string // "" if it is anonymous
	Handle  uint64
	Comment string

	Key  Type
	Data MapData // the zero value in sets

	Constant   bool // elements can't change
	Interval   bool // elements may be ranges
	Dynamic    bool // rules change it
	HasTimeout bool // elements may have a timeout

	Timeout    time.Duration // of elements that have none of their own; 0: they stay
	GCInterval time.Duration
	Size       uint32 // most elements; 0: not limited
	Memory     bool   // policy memory; performance otherwise
	AutoMerge  bool   // adjoining and overlapping ranges are merged at load
	Exprs      []Expr // what each element carries (counter, limit, quota …)

	// Elements in the order in which they were added.
	Elements []Element

	// Meter says that the set was made by a meter statement of an old nft.
	Meter bool
}

// MapData says what a map's elements lead to.
type MapData struct {
	Kind   DataKind
	Type   Type       // of ValueData
	Object ObjectKind // of ObjectData
}

// DataKind is what a map's elements hold. The zero value is nothing: a set.
type DataKind uint8

// The kinds.
const (
	NoData DataKind = iota
	ValueData
	VerdictData
	ObjectData
)

// IsMap reports whether elements have data.
func (s *Set) IsMap() bool { return s.Data.Kind != NoData }

// Concat reports whether keys are concatenations.
func (s *Set) Concat() bool { return len(s.Key.Fields) > 1 }
