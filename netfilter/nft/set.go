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

	Timeout    time.Duration // default timeout of elements; 0: they do not expire
	GCInterval time.Duration
	Size       uint32 // maximum number of elements; 0: not limited
	Memory     bool   // policy memory; performance otherwise
	AutoMerge  bool   // adjoining and overlapping ranges are merged at load
	Exprs      []Expr // stateful expressions of every element (counter, limit, quota …)

	// Elements in the order in which they were added.
	Elements []Element

	// Meter reports whether the set was created by a meter statement of an old nft.
	Meter bool
}

// MapData is the kind and type of a map's data.
type MapData struct {
	Kind   DataKind
	Type   Type       // of ValueData
	Object ObjectKind // of ObjectData
}

// DataKind is the kind of data of a map's elements. The zero value is no data:
// a set.
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
