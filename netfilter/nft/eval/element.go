package eval

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// element is an entry of a set or map. It does not change once its set is made:
// what changes is kept in the set's state.
type element struct {
	from, to []byte        // the key; to is nil where the key is one value
	data     []byte        // of a map
	verdict  verdict       // of a verdict map
	object   string        // of a map of objects
	timeout  time.Duration // 0: that of the set
	expires  time.Duration // left when the ruleset is loaded; 0: all of the timeout
	stateful []stateful    // what runs when the element is found
	exprs    []nft.Expr    // the same as the ruleset has it, of elements that rules added
	catchAll bool          // holds for every key that no other element holds for
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
