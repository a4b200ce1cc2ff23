package nft

import "time"

// Element is an element of a set.
type Element struct {
	// Key is the element's key, End the last key of its range: "" if it is a
	// single value. Both ends belong to the range. In concatenations each field
	// has a range of its own.
	Key, End string
	// Default marks the element "*", which is found when no other is.
	Default bool

	Value   string  // of ValueData: the data's bytes
	Verdict Verdict // of VerdictData
	Object  string  // of ObjectData: the object's name

	Timeout time.Duration // its own; 0: the set's
	Expires time.Duration // what is left of it; 0: all
	Never   bool          // it stays although the set has a timeout
	Exprs   []Expr        // counter, limit, quota … of its own
	Comment string
}
