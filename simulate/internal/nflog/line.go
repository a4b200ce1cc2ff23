package nflog

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
)

// line is a line that is being written.
type line struct {
	b    []byte
	end  int // maximum length of b; the rest of the line is discarded
	cfg  netfilter.LogConfig
	p    *netfilter.Packet
	wire []byte // of p
}

const lower, upper = "0123456789abcdef", "0123456789ABCDEF"

// at returns n bytes of the packet; false if it is shorter.
func (l *line) at(off, n int) ([]byte, bool) {
	if off > len(l.wire)-n {
		return nil, false
	}
	return l.wire[off : off+n], true
}

func (l *line) text(s string) { l.b = append(l.b, s...) }

// flag writes a name if it is set.
func (l *line) flag(set bool, name string) {
	if set {
		l.text(name)
	}
}

// num writes a decimal field and a space.
func (l *line) num(name string, v uint32) {
	l.b = append(strconv.AppendUint(append(l.b, name...), uint64(v), 10), ' ')
}

// hex writes a hexadecimal field without leading zeros and a space.
func (l *line) hex(name string, v uint32) {
	l.b = append(strconv.AppendUint(append(l.b, name...), uint64(v), 16), ' ')
}

// pair writes a field of two hexadecimal digits and a space.
func (l *line) pair(name string, v byte, digits string) {
	l.b = append(append(l.b, name...), digits[v>>4], digits[v&15], ' ')
}

// bytes writes bytes in hexadecimal.
func (l *line) bytes(bs []byte, digits string) {
	for _, c := range bs {
		l.b = append(l.b, digits[c>>4], digits[c&15])
	}
}

// joined writes bytes in hexadecimal, separated by colons.
func (l *line) joined(bs []byte) {
	for i, c := range bs {
		if i > 0 {
			l.b = append(l.b, ':')
		}
		l.b = append(l.b, lower[c>>4], lower[c&15])
	}
}

// options writes the options of a header.
func (l *line) options(bs []byte) {
	l.text("OPT (")
	l.bytes(bs, upper)
	l.text(") ")
}

// addr4 writes an IPv4 address.
func (l *line) addr4(name string, a []byte) {
	l.text(name)
	for i, c := range a[:4] {
		if i > 0 {
			l.b = append(l.b, '.')
		}
		l.b = strconv.AppendUint(l.b, uint64(c), 10)
	}
	l.text(" ")
}

// addr6 writes all 32 digits of an IPv6 address.
func (l *line) addr6(name string, a []byte) {
	l.text(name)
	for i := 0; i < 16; i += 2 {
		if i > 0 {
			l.b = append(l.b, ':')
		}
		l.bytes(a[i:i+2], lower)
	}
	l.text(" ")
}

// incomplete writes the number of bytes of a truncated header. The kernel computes it
// without sign, so that a header beyond the end has about four billion bytes.
func (l *line) incomplete(off int, closing string) {
	l.text("INCOMPLETE [")
	l.b = strconv.AppendUint(l.b, uint64(uint32(len(l.wire)-off)), 10)
	l.text(closing)
}
