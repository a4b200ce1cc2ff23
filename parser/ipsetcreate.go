package parser

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// maxSetTimeout is the maximum timeout that ipset accepts, in seconds (ipset
// lib/parse.c, ipset_parse_timeout).
const maxSetTimeout = (1<<31 - 1) / 1000

// create makes a set.
func (r *setReader) create(args []word) *Error {
	if err := ipset.CheckName(args[0].text); err != nil {
		return &Error{at: args[0], Err: err}
	}
	t, ok := ipset.TypeByName(args[1].text)
	if !ok {
		return &Error{at: args[1], Err: fmt.Errorf("unknown set type %q", args[1].text)}
	}
	c := &creation{kind: t, given: map[string]bool{}, words: args[2:]}
	if err := c.family(); err != nil {
		return err
	}
	for len(c.words) > 0 {
		if err := c.option(); err != nil {
			return err
		}
	}
	if c.anyFamily.text != "" && !c.given["netmask"] && !c.given["bitmask"] {
		return &Error{at: c.anyFamily, Option: "family", Err: fmt.Errorf("family %q: %w", c.anyFamily.text, ipset.ErrFamily)}
	}
	if slices.Contains(t.Options(), "range") && !c.given["range"] {
		return &Error{at: args[1], Option: "range", Err: fmt.Errorf("option range must be given for type %s", t)}
	}
	s, err := ipset.New(args[0].text, t, c.options)
	if err == nil {
		err = r.sets.Create(s, r.exist)
	}
	if err != nil {
		return &Error{at: args[0], Err: err}
	}
	return nil
}

// creation is a create line as far as it has been read.
type creation struct {
	kind    ipset.Type
	options ipset.Options
	given   map[string]bool
	words   []word
	// anyFamily is the word for an unspecified family. With a mask the family is
	// then IPv4; without one the kernel refuses the set.
	anyFamily word
}

// family removes the family from the line, because the meaning of other options
// depends on it.
func (c *creation) family() *Error {
	if !c.kind.HasFamily() || !slices.Contains(c.kind.Options(), "family") {
		return nil
	}
	for i := 0; i < len(c.words); i++ {
		w := c.words[i]
		n := 1
		switch strings.TrimPrefix(w.text, "--") {
		case "-4":
		case "-6":
			c.options.Family = netfilter.IPv6
		case "family":
			if i+1 == len(c.words) {
				return &Error{at: w, Option: w.text, Err: fmt.Errorf("option %q needs a value", w.text)}
			}
			n = 2
			switch v := c.words[i+1]; v.text {
			case "inet", "ipv4", "-4":
			case "inet6", "ipv6", "-6":
				c.options.Family = netfilter.IPv6
			case "any", "unspec":
				c.anyFamily = v
			default:
				return &Error{at: v, Option: w.text, Err: fmt.Errorf("unknown family %q: need inet or inet6", v.text)}
			}
		default:
			continue
		}
		if c.given["family"] {
			return &Error{at: w, Option: w.text, Err: fmt.Errorf("the family is given twice")}
		}
		c.given["family"] = true
		c.words = slices.Delete(slices.Clone(c.words), i, i+n)
		i--
	}
	return nil
}

// option parses one option of the line.
func (c *creation) option() *Error {
	w := c.words[0]
	c.words = c.words[1:]
	name := strings.TrimPrefix(w.text, "--")
	known := slices.Contains(c.kind.Options(), name) && name != "family"
	switch {
	case known && isFlag(name):
		c.flag(name)
		return nil
	case slices.Contains(c.kind.IgnoredOptions(), name):
		known = true
	case slices.Contains(c.kind.Options(), "range") && (name == "from" || name == "to" || name == "network" && c.kind != ipset.BitmapPort):
		known = true
	}
	switch {
	case !known:
		return &Error{at: w, Option: w.text, Err: fmt.Errorf("unknown option %q for type %s", w.text, c.kind)}
	case len(c.words) == 0:
		return &Error{at: w, Option: w.text, Err: fmt.Errorf("option %q needs a value", w.text)}
	case c.given[name] && !slices.Contains(c.kind.IgnoredOptions(), name):
		return &Error{at: w, Option: w.text, Err: fmt.Errorf("option %q is given twice", w.text)}
	}
	v := c.words[0]
	c.words = c.words[1:]
	c.given[name] = true
	if slices.Contains(c.kind.IgnoredOptions(), name) {
		return nil
	}
	if err := c.value(name, v.text); err != nil {
		return &Error{at: v, Option: w.text, Err: err}
	}
	return nil
}

func isFlag(name string) bool {
	return slices.Contains([]string{"counters", "comment", "skbinfo", "forceadd"}, name)
}

func (c *creation) flag(name string) {
	switch name {
	case "counters":
		c.options.Counters = true
	case "comment":
		c.options.Comment = true
	case "skbinfo":
		c.options.SKBInfo = true
	case "forceadd":
		c.options.ForceAdd = true
	}
}

// value stores the value of an option.
func (c *creation) value(name, v string) (err error) {
	o := &c.options
	switch name {
	case "hashsize":
		o.HashSize, err = number32(v)
		o.HashSize = max(o.HashSize, 1)
	case "maxelem":
		o.MaxElem, err = number32(v)
		o.NoElem = o.MaxElem == 0
	case "netmask":
		var n uint64
		n, err = inRange(v, 1, uint64(o.Family.Bits()))
		o.NetMask = uint8(n)
	case "bitmask":
		o.BitMask, err = ipset.ReadMask(o.Family, v)
	case "markmask":
		if o.MarkMask, err = number32(v); err == nil && o.MarkMask == 0 {
			err = ipset.ErrMarkmask
		}
	case "size":
		o.Size, err = number32(v)
		o.Size = max(o.Size, 1)
	case "timeout":
		var n uint64
		n, err = inRange(v, 0, maxSetTimeout)
		o.HasTimeout, o.Timeout = true, time.Duration(n)*time.Second
	case "bucketsize":
		var n uint64
		n, err = inRange(v, 0, 255)
		o.BucketSize = uint8(max(n, 1))
	case "initval":
		o.InitVal, err = number32(v)
		o.HasInitVal = true
	default:
		return c.rangeOption(name, v)
	}
	return err
}

// rangeOption stores the range of a bitmap, whole or one of its ends.
func (c *creation) rangeOption(name, v string) error {
	text := v
	switch name {
	case "from", "to":
		text = v + "-" + v
	}
	r, err := ipset.ReadRange(c.kind, text)
	if err != nil {
		return err
	}
	if name != "to" {
		c.options.From, c.options.FromPort = r.From, r.FromPort
	}
	if name != "from" {
		c.options.To, c.options.ToPort = r.To, r.ToPort
	}
	if name == "to" && c.given["from"] || name == "from" && c.given["to"] || name == "network" {
		c.given["range"] = true
		if c.options.To.Less(c.options.From) {
			c.options.From, c.options.To = c.options.To, c.options.From
		}
	}
	return nil
}

func number32(s string) (uint32, error) {
	n, err := inRange(s, 0, 1<<32-1)
	return uint32(n), err
}

// inRange reads a number with base 0.
func inRange(s string, lo, hi uint64) (uint64, error) {
	n, ok := number(s, lo, hi)
	if !ok {
		return 0, fmt.Errorf("bad value %q: need a number from %d to %d", s, lo, hi)
	}
	return n, nil
}
