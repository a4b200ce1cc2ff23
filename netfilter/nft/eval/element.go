package eval

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// element is an entry of a set or map. It is immutable; changes are kept in the
// set's state.
type element struct {
	from, to []byte        // first and last key; to is nil if the key is a single value
	data     []byte        // of a map
	verdict  verdict       // of a verdict map
	object   string        // of a map of objects
	timeout  time.Duration // 0: that of the set
	expires  time.Duration // remaining time when the ruleset is loaded; 0: the whole timeout
	stateful []stateful    // evaluated when a lookup finds the element
	exprs    []nft.Expr    // the expressions in the model, for elements that rules added
	catchAll bool          // matches every key that no other element matches
	order    int           // position in the order of insertion
	model    *nft.Element  // nil for elements that rules added
}

// fields are the lengths in bytes of the parts of a concatenated key, each padded
// to whole registers.
type fields []int

// holds reports whether a key lies within the element, part by part.
func (e *element) holds(key []byte, parts fields) bool {
	if e.to == nil {
		return string(key) == string(e.from)
	}
	at := 0
	for _, n := range parts {
		part := string(key[at : at+n])
		if part < string(e.from[at:at+n]) || part > string(e.to[at:at+n]) {
			return false
		}
		at += n
	}
	return true
}
