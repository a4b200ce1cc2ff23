package classify

import "slices"

// Field is what of a packet a condition looks at.
type Field uint8

// The fields.
const (
	Dst Field = iota
	Src
	DstPort
	SrcPort
	Proto
	In
	Out
	Mark // under a mask
	numFields
)

// Key is what the conditions look at in a packet. Ports are 0 where the protocol
// has none.
type Key struct {
	fields [numFields]Value
	mark   uint32
}

// Set gives a field its value.
func (k *Key) Set(f Field, v Value) { k.fields[f] = v }

// SetMark gives the key its mark.
func (k *Key) SetMark(m uint32) { k.mark = m }

// place is where an axis looks: a field, and for the mark also a mask.
type place struct {
	field Field
	mask  uint32
}

// on returns the key's value at a place.
func (k *Key) on(p place) Value {
	if p.field == Mark {
		return Number(k.mark & p.mask)
	}
	return k.fields[p.field]
}

// Rule is the conditions of a rule. The zero value has none.
type Rule struct{ conditions []condition }

type condition struct {
	place
	in Spans
}

// Limit adds the condition that a field has one of the values.
func (r *Rule) Limit(f Field, in Spans) { r.limit(place{field: f}, in) }

// LimitMark adds the condition that the mark has one of the values in the bits
// of the mask.
func (r *Rule) LimitMark(mask uint32, in Spans) { r.limit(place{Mark, mask}, in) }

func (r *Rule) limit(p place, in Spans) {
	if in.all() {
		return
	}
	i := slices.IndexFunc(r.conditions, func(c condition) bool { return c.place == p })
	if i < 0 {
		r.conditions = append(r.conditions, condition{p, in})
		return
	}
	r.conditions[i].in = r.conditions[i].in.and(in)
}
