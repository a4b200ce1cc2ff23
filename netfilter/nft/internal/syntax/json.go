package syntax

import (
	"fmt"
	"strconv"
	"strings"
)

// Object is a JSON object whose members keep their order.
type Object []Member

// Member is a member of an object.
type Member struct {
	Name  string
	Value any
}

// With returns the object with another member.
func (o Object) With(name string, v any) Object { return append(o, Member{name, v}) }

// Of returns an object with one member.
func Of(name string, v any) Object { return Object{{name, v}} }

// WriteJSON writes objects, lists ([]any), strings, numbers, booleans and nil as nft
// does: on one line, with a space after commas and colons.
func WriteJSON(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		writeString(b, v)
	case Num:
		b.WriteString(v.String())
	case Object:
		b.WriteByte('{')
		for i, m := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			writeString(b, m.Name)
			b.WriteString(": ")
			WriteJSON(b, m.Value)
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, x := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			WriteJSON(b, x)
		}
		b.WriteByte(']')
	default:
		fmt.Fprint(b, v)
	}
}

// writeString quotes a string as jansson does: only characters that JSON requires to be
// escaped are escaped.
func writeString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		default:
			if c < ' ' {
				fmt.Fprintf(b, `\u%04X`, c)
			} else {
				b.WriteByte(c)
			}
		}
	}
	b.WriteByte('"')
}

// oneOrMore returns a list of strings; older releases of nft write a single string
// without a list.
func (p *Printer) oneOrMore(words []string) any {
	if len(words) == 1 && p.Release < Release117 {
		return words[0]
	}
	return listOf(words)
}

func listOf(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}
