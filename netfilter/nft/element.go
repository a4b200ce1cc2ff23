package nft

import "time"

// Element is an element of a set.
type Element struct {
	// Key is the element's key, End the last key of its range: "" if it is a single
	// value. Both ends are included. In concatenations every field has its own
	// range.
	Key, End string
	// Default marks the catch-all element "*", which matches keys that no other
	// element matches.
	Default bool

	Value   string  // of ValueData: the data's bytes
	Verdict Verdict // of VerdictData
	Object  string  // of ObjectData: the object's name

	Timeout time.Duration // timeout of the element; 0: the default of the set
	Expires time.Duration // remaining time; 0: the whole timeout
	Never   bool          // the element does not expire although the set has a timeout
	Exprs   []Expr        // counter, limit, quota … of its own
	Comment string
}
