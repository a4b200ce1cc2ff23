package classify

import "slices"

// Field is a field of the packet that conditions compare.
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

// Key holds the fields of a packet. Ports are 0 if the protocol has none.
type Key struct {
	fields [numFields]Value
	mark   uint32
}

// Set gives a field its value.
func (k *Key) Set(f Field, v Value) { k.fields[f] = v }

// SetMark gives the key its mark.
func (k *Key) SetMark(m uint32) { k.mark = m }

// dimension is what an axis compares: a field, and for the mark also a mask.
type dimension struct {
	field Field
	mask  uint32
}

// on returns the key's value in a dimension.
func (k *Key) on(d dimension) Value {
	if d.field == Mark {
		return Number(k.mark & d.mask)
	}
	return k.fields[d.field]
}

// Rule holds the conditions of a rule. The zero value has none.
type Rule struct{ conditions []condition }

type condition struct {
	dimension
	in Spans
}

// Limit adds the condition that a field has one of the values.
func (r *Rule) Limit(f Field, in Spans) { r.limit(dimension{field: f}, in) }

// LimitMark adds the condition that the mark has one of the values in the bits
// of the mask.
func (r *Rule) LimitMark(mask uint32, in Spans) { r.limit(dimension{Mark, mask}, in) }

func (r *Rule) limit(d dimension, in Spans) {
	if in.all() {
		return
	}
	i := slices.IndexFunc(r.conditions, func(c condition) bool { return c.dimension == d })
	if i < 0 {
		r.conditions = append(r.conditions, condition{d, in})
		return
	}
	r.conditions[i].in = r.conditions[i].in.and(in)
}
