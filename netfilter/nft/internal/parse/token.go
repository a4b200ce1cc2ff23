package parse

// kind is the kind of a token.
type kind uint8

const (
	eof kind = iota
	newline
	word   // letters, digits, and / - _ . after a letter
	quoted // between quotation marks
	star   // a word that ends in "*"
	number
	address // of IPv4, IPv6 or Ethernet
	bracket // an IPv6 address in brackets
	duration
	classid
	sign // one or two characters of punctuation
	bad
)

// token is one token of the text.
type token struct {
	kind       kind
	text       string // without quotation marks and brackets
	start, end int
}

// is reports whether the token is a word or a sign of this text.
func (t token) is(text string) bool { return (t.kind == word || t.kind == sign) && t.text == text }
