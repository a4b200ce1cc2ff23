package parser

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/ipset"
)

// elementLine is a line that adds, deletes or tests an element, as far as it has
// been read.
type elementLine struct {
	command ipset.Command
	set     *ipset.Set
	request ipset.Request
	given   map[string]bool
}

// element returns the function that executes a command on an element.
func element(cmd ipset.Command) func(*setReader, []word) *Error {
	return func(r *setReader, args []word) *Error { return r.element(cmd, args) }
}

func (r *setReader) element(cmd ipset.Command, args []word) *Error {
	if err := ipset.CheckName(args[0].text); err != nil {
		return &Error{at: args[0], Err: err}
	}
	s := r.sets.Get(args[0].text)
	if s == nil {
		return &Error{at: args[0], Err: fmt.Errorf("set %s: %w", args[0].text, ipset.ErrNoSuchSet)}
	}
	req, err := ipset.ReadRequest(s.Type, s.Family, cmd, args[1].text)
	if err != nil {
		return &Error{at: args[1], Err: err}
	}
	l := &elementLine{command: cmd, set: s, request: req}
	for rest := args[2:]; len(rest) > 0; {
		n, err := l.option(rest)
		if err != nil {
			return err
		}
		rest = rest[n:]
	}
	switch cmd {
	case ipset.Add:
		err = r.sets.Add(s.Name, l.request, r.exist)
	case ipset.Del:
		err = r.sets.Del(s.Name, l.request, r.exist)
	default:
		_, err = r.sets.Test(s.Name, l.request)
	}
	if err != nil {
		return &Error{at: args[1], Err: err}
	}
	return nil
}

// takes reports whether the command supports an option for this type of set,
// and whether the option has a value.
func (l *elementLine) takes(name string) (known, value bool) {
	adds := l.command == ipset.Add
	switch name {
	case "timeout", "packets", "bytes", "comment", "skbmark", "skbprio", "skbqueue":
		return adds, true
	case "before", "after":
		return l.set.Type == ipset.ListSet, true
	case "nomatch":
		return l.set.Type.HasNomatch() && l.command != ipset.Del, false
	case "wildcard":
		return l.set.Type == ipset.HashNetIface && adds, false
	}
	return false, false
}

// option parses the option at the start of words and returns the number of
// words it consumes.
func (l *elementLine) option(words []word) (int, *Error) {
	w := words[0]
	name := strings.TrimPrefix(w.text, "--")
	known, value := l.takes(name)
	switch {
	case !known:
		return 0, &Error{at: w, Option: w.text, Err: fmt.Errorf("unknown option %q", w.text)}
	case !value:
		if name == "nomatch" {
			l.request.NoMatch = true
		} else {
			l.request.Wildcard = true
		}
		return 1, nil
	case len(words) == 1:
		return 0, &Error{at: w, Option: w.text, Err: fmt.Errorf("option %q needs a value", w.text)}
	case l.given[name]:
		return 0, &Error{at: w, Option: w.text, Err: fmt.Errorf("option %q is given twice", w.text)}
	}
	if l.given == nil {
		l.given = map[string]bool{}
	}
	l.given[name] = true
	if err := l.value(name, words[1].text); err != nil {
		return 0, &Error{at: words[1], Option: w.text, Err: err}
	}
	return 2, nil
}

// value stores the value of an option.
func (l *elementLine) value(name, v string) (err error) {
	q := &l.request
	switch name {
	case "timeout":
		n, err := inRange(v, 0, maxSetTimeout)
		q.SetTimeout(time.Duration(n) * time.Second)
		return err
	case "packets":
		q.HasPackets = true
		q.Packets, err = inRange(v, 0, 1<<64-2)
	case "bytes":
		q.HasBytes = true
		q.Bytes, err = inRange(v, 0, 1<<64-2)
	case "comment":
		q.HasComment, q.Comment = true, v
		if len(v) > maxSetComment {
			return fmt.Errorf("the comment is too long: the limit is %d bytes", maxSetComment)
		}
	case "skbmark":
		q.HasSKBInfo = true
		q.SKBMark, q.SKBMask, err = setMark(v)
	case "skbprio":
		q.HasSKBInfo = true
		q.SKBPrio, err = setPriority(v)
	case "skbqueue":
		n, err := inRange(v, 0, 1<<16-1)
		q.HasSKBInfo, q.SKBQueue = true, uint16(n)
		return err
	default:
		return q.SetReference(v, name == "before")
	}
	return err
}

// maxSetComment is the longest comment (include/uapi/linux/netfilter/ipset/
// ip_set.h, IPSET_MAX_COMMENT_SIZE).
const maxSetComment = 255

// setMark reads "0xMARK[/0xMASK]"; what follows does not matter (ipset
// lib/parse.c, ipset_parse_skbmark).
func setMark(s string) (mark, mask uint32, err error) {
	mark, rest, ok := hexAfter(s, "0x")
	if !ok {
		return 0, 0, fmt.Errorf("bad mark %q: need 0xMARK or 0xMARK/0xMASK", s)
	}
	if mask, _, ok = hexAfter(rest, "/0x"); !ok {
		mask = 1<<32 - 1
	}
	return mark, mask, nil
}

// setPriority reads "MAJOR:MINOR" in hex (ipset_parse_skbprio).
func setPriority(s string) (uint32, error) {
	major, rest, ok := hexAfter(s, "")
	minor, _, ok2 := hexAfter(rest, ":")
	if !ok || !ok2 {
		return 0, fmt.Errorf("bad priority %q: need MAJOR:MINOR in hex", s)
	}
	return major<<16 | minor&0xffff, nil
}

// hexAfter reads the hexadecimal number after a prefix as C's sscanf does, keeping the
// lower 32 of its 64 bits.
func hexAfter(s, prefix string) (v uint32, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, prefix)
	n := 0
	var all uint64
	for n < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		if bits.LeadingZeros64(all) < 4 {
			all = 1<<64 - 1
		} else {
			all = all<<4 | uint64(hexDigit(s[n]))
		}
		n++
	}
	return uint32(all), s[n:], ok && n > 0
}

func hexDigit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
