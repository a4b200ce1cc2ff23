package gen

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Rand is a random source for drawing rules, which knows where the rule will be.
type Rand struct {
	*rand.Rand
	Position
	world
}

// Position is the position of a rule, as far as it decides what the rule may contain.
type Position struct {
	Family int      // 4 or 6
	Table  string   // "filter", …
	Hooks  []string // built-in chains from which the rule can be reached
	Chain  string   // its chain
	Proto  string   // protocol of its -p without inversion, as Entry.Protocols names it; "" if it has none
}

// NewRand returns the random source of a family and seed.
func NewRand(seed uint64, family int) *Rand {
	return &Rand{
		Rand:     rand.New(rand.NewPCG(seed, uint64(family))),
		Position: Position{Family: family},
		world:    worldOf(family),
	}
}

// Maybe is true with probability p.
func (r *Rand) Maybe(p float64) bool { return r.Float64() < p }

// Between draws a number from lo to hi, both included.
func (r *Rand) Between(lo, hi int) int { return lo + r.IntN(hi-lo+1) }

// Not returns "! " once in four times, else nothing.
func (r *Rand) Not() string {
	if r.Maybe(0.25) {
		return "! "
	}
	return ""
}

// Pick returns one of xs.
func Pick[T any](r *Rand, xs ...T) T { return xs[r.IntN(len(xs))] }

// list joins one to most different words with commas.
func (r *Rand) list(most int, words ...string) string {
	words = slices.Clone(words)
	r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return strings.Join(words[:r.Between(1, min(most, len(words)))], ",")
}

// Form returns a function that draws one of the forms and fills it in:
//
//	[!]       an inversion, sometimes
//	[text]    text, every other time; it may hold any of these again
//	{a|b|c}   one of the words
//	{a,b,c,}  some of the words, joined by commas
//	{1..9}    a number, both ends included
//	{name}    a word of Rand.Word
func Form(forms ...string) func(*Rand) string {
	return func(r *Rand) string {
		text, _ := r.fill(Pick(r, forms...))
		return strings.TrimSpace(text)
	}
}

// fill expands a form up to its end or the bracket that closes it.
func (r *Rand) fill(form string) (text, rest string) {
	var b strings.Builder
	for form != "" {
		i := strings.IndexAny(form, "[]{")
		if i < 0 {
			b.WriteString(form)
			return b.String(), ""
		}
		b.WriteString(form[:i])
		c := form[i]
		form = form[i+1:]
		switch {
		case c == ']':
			return b.String(), form
		case c == '{':
			var words string
			words, form, _ = strings.Cut(form, "}")
			b.WriteString(r.choose(words))
		case strings.HasPrefix(form, "!]"):
			b.WriteString(r.Not())
			form = strings.TrimPrefix(form[2:], " ")
		default:
			var inner string
			inner, form = r.fill(form)
			if r.Maybe(0.5) {
				b.WriteString(inner)
			}
		}
	}
	return b.String(), ""
}

// choose draws what stands for the words in braces.
func (r *Rand) choose(words string) string {
	if list, ok := strings.CutSuffix(words, ","); ok {
		return r.list(4, strings.Split(list, ",")...)
	}
	if strings.Contains(words, "|") {
		return Pick(r, strings.Split(words, "|")...)
	}
	if lo, hi, ok := strings.Cut(words, ".."); ok {
		from, err1 := strconv.Atoi(lo)
		to, err2 := strconv.Atoi(hi)
		if err1 == nil && err2 == nil {
			return strconv.Itoa(r.Between(from, to))
		}
	}
	return r.Word(words)
}

// Word draws a word of a kind that several extensions use:
//
//	addr      an address of the world around    local   one of the node's
//	net       a network, masks of all sorts     iface   an interface, wildcards too
//	port      a port                            ports   a port or a range a:b
//	portlist  up to 15 slots for multiport      mark    value[/mask]
//	bits      a 32 bit number                   xmark   value/mask
//	text      a quoted text                     name    a plain word
//
// A kind it does not know comes back in braces, which iptables will refuse.
func (r *Rand) Word(kind string) string {
	switch kind {
	case "addr":
		return Pick(r, r.hosts()...)
	case "local":
		return Pick(r, r.locals...)
	case "net":
		return r.net()
	case "iface":
		return Pick(r, "eth0", "cni0", "docker0", "lo", "eth+", "cni+", "e+", "none0", "+")
	case "port":
		return strconv.Itoa(r.port())
	case "ports":
		return r.ports()
	case "portlist":
		return r.portList()
	case "mark":
		return r.mark()
	case "xmark":
		return r.bits() + "/" + r.bits()
	case "bits":
		return r.bits()
	case "text":
		return Pick(r, `"a b"`, "x", `"it's"`, `"say \"q\""`, `"back\\slash"`, `""`, `"ns/svc:http -> 1.2.3.4"`)
	case "name":
		return fmt.Sprintf("n%d", r.IntN(4))
	}
	return "{" + kind + "}"
}

func (r *Rand) bits() string {
	return Pick(r, "0x1", "0x2", "0x10", "0xf0", "0xff", "0x4000", "0x8000", "0x0", "0xffffffff", "0x80000000", "0x4001")
}

func (r *Rand) mark() string {
	return Pick(r, "0x1", "0x0", "0x4000/0x4000", "0x0/0x4000", "0x10/0xf0", "0x0/0xff", "0x8000/0x8000", "0x1/0xff", "0x10", "0x3/0x1")
}
