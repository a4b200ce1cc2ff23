package parser

import (
	"hash/maphash"
	"reflect"

	"github.com/packetpath/packetpath/netfilter"
)

// ruleHash hashes rules by their text without the names of chains they jump to,
// because chains may be renamed.
type ruleHash struct {
	seed maphash.Seed
	buf  []byte
	set  bool
}

func (h *ruleHash) of(r *netfilter.Rule) uint64 {
	if !h.set {
		h.seed, h.set = maphash.MakeSeed(), true
	}
	for _, m := range r.Matches {
		if isNil(m) {
			return 0
		}
	}
	if r.Target != nil && isNil(r.Target) {
		return 0
	}
	bare := netfilter.Rule{Header: stored(r.Header), Matches: r.Matches, Target: r.Target}
	if _, ok := r.Target.(*netfilter.Jump); ok {
		bare.Target = nil
	}
	h.buf = bare.AppendSave(h.buf[:0], netfilter.IPv4, "")
	return maphash.Bytes(h.seed, h.buf)
}

// isNil reports whether the interface holds a nil pointer, which a ruleset
// built in Go may contain.
func isNil(e netfilter.Extension) bool {
	if e == nil {
		return true
	}
	v := reflect.ValueOf(e)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
