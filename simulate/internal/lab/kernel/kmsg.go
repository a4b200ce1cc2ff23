package kernel

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// kmsg is the kernel's log, of which every read yields one record
// (Documentation/ABI/testing/dev-kmsg).
type kmsg struct{ fd }

// drain returns the messages since the last drain or seekEnd.
func (k kmsg) drain(buf []byte) ([]string, error) {
	var lines []string
	for {
		n, err := k.read(buf)
		switch {
		case errors.Is(err, errAgain):
			return lines, nil
		case errors.Is(err, errPipe):
			return lines, ErrLost
		case err != nil:
			return lines, fmt.Errorf("read the kernel log: %w", err)
		}
		lines = append(lines, message(string(buf[:n])))
	}
}

// message returns the text of a record "level,number,time,flags;text\n KEY=…".
func message(record string) string {
	_, text, _ := strings.Cut(record, ";")
	text, _, _ = strings.Cut(text, "\n")
	return unescape(text)
}

// unescape undoes \xNN, which is how records show backslashes and bytes that
// are not printable ASCII (kernel/printk/printk.c, append_char and callers).
func unescape(s string) string {
	if !strings.Contains(s, `\x`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+4 <= len(s) && s[i:i+2] == `\x` {
			if c, err := strconv.ParseUint(s[i+2:i+4], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// sort adds a line of the log to the answer about the packet with this
// identity. Lines that are not of netfilter, or discovery chatter, are left out.
func (a *Answer) sort(line string, wire []byte, id uint32) {
	head, ok := netfilterHead(line)
	if !ok {
		return
	}
	mine := fieldIs(head, " FLOWLBL=", id)
	if wire[0]>>4 == 4 {
		mine = fieldIs(head, " ID=", id) && !otherICMP(line, wire)
	}
	text, traced := strings.CutPrefix(line, "TRACE: ")
	list := &a.OtherLog
	switch {
	case mine && traced:
		list = &a.Trace
	case mine:
		list = &a.Log
	case chatter(line):
		return
	case traced:
		list = &a.OtherTrace
	}
	*list = append(*list, text)
}

// netfilterHead returns the part of a LOG or TRACE line that is about the IP
// header: from SRC= on, for a prefix may hold anything, and before PROTO=, for
// echo requests have an ID, too. The blank tells it from MACSRC=.
func netfilterHead(line string) (string, bool) {
	_, head, ok := strings.Cut(line, " SRC=")
	if !ok {
		return "", false
	}
	head, _, _ = strings.Cut(head, "PROTO=")
	return head, true
}

// otherICMP reports a line about an ICMP message of another type than the IPv4
// packet is, if it is one: an answer that the kernel drew the same identity for.
// Of later fragments the type is not known.
func otherICMP(line string, wire []byte) bool {
	if wire[6]&0x1f != 0 || wire[7] != 0 {
		return false
	}
	_, rest, ok := strings.Cut(line, "PROTO=ICMP TYPE=")
	if _, first, _ := strings.Cut(line, "PROTO="); !ok || !strings.HasPrefix(first, "ICMP TYPE=") {
		return false
	}
	const icmp = 1
	header := int(wire[0]&15) * 4
	return wire[9] != icmp || len(wire) > header && !strings.HasPrefix(rest, strconv.Itoa(int(wire[header]))+" ")
}

// fieldIs reports whether the first field of this name has this value.
func fieldIs(line, name string, value uint32) bool {
	_, rest, ok := strings.Cut(line, name)
	return ok && strings.HasPrefix(rest, strconv.FormatUint(uint64(value), 10)+" ")
}

// chatter is noise as the log words it. Complaints that the rest of a packet in
// fragments is missing are about one sent long before.
func chatter(line string) bool {
	_, rest, ok := strings.Cut(line, "PROTO=ICMPv6 TYPE=")
	if strings.HasPrefix(rest, "3 CODE=1 ") || strings.Contains(line, "PROTO=ICMP TYPE=11 CODE=1 ") {
		return true
	}
	if !ok {
		return strings.Contains(line, "SRC=0000:0000:0000:0000:0000:0000:0000:0000 ") || strings.Contains(line, " DST=224.0.0.22 ")
	}
	number, _, _ := strings.Cut(rest, " ")
	t, err := strconv.ParseUint(number, 10, 8)
	return err == nil && icmpv6Noise(byte(t))
}
