package compile

import "github.com/packetpath/packetpath/netfilter/nft"

// Cut removes a range from the ranges of a set. It returns false if no range contains
// it.
func Cut(set *nft.Set, x nft.Element) bool {
	to := x.Key
	if x.End != "" {
		to = x.End
	}
	for i := range set.Elements {
		e := set.Elements[i]
		end := e.Key
		if e.End != "" {
			end = e.End
		}
		if e.Default || x.Key < e.Key || to > end {
			continue
		}
		var rest []nft.Element
		if e.Key < x.Key {
			a := e
			a.End = step(x.Key, false)
			rest = append(rest, shorter(a))
		}
		if to < end {
			b := e
			b.Key, b.End = step(to, true), end
			rest = append(rest, shorter(b))
		}
		set.Elements = append(set.Elements[:i:i], append(rest, set.Elements[i+1:]...)...)
		return true
	}
	return false
}

// shorter returns a range of a single value without its end.
func shorter(e nft.Element) nft.Element {
	if e.Key == e.End {
		e.End = ""
	}
	return e
}

// step returns the next or the previous value.
func step(s string, up bool) string {
	b := []byte(s)
	for i := len(b) - 1; i >= 0; i-- {
		if up {
			b[i]++
			if b[i] != 0 {
				break
			}
		} else {
			b[i]--
			if b[i] != 0xff {
				break
			}
		}
	}
	return string(b)
}
