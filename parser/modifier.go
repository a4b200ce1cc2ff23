package parser

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// modifier is a word of the packet language that changes the packet.
type modifier struct {
	name string
	// set stores the value; max bounds it if it is a number, and 0 means that
	// the modifier has none.
	max  uint64
	set  func(r *packetReader, n uint64)
	read func(r *packetReader, w word) error // for values that are not numbers
	// fits returns the reason why the packet cannot have the modifier, "" if it
	// can.
	fits     func(r *packetReader) string
	metadata bool // it is not part of the packet's bytes
}

// modifiers are all but the flags of TCP and the names of ICMP types.
func modifiers() []modifier {
	const u8, u16, u32 = 1<<8 - 1, 1<<16 - 1, 1<<32 - 1
	type pr = packetReader
	return []modifier{
		{name: "seq", max: u32, set: (*pr).setSeq, fits: (*pr).seqFits},
		{name: "ackno", max: u32, set: func(r *pr, n uint64) { r.spec.Ack = uint32(n) }, fits: onlyTCP},
		{name: "win", max: u16, set: func(r *pr, n uint64) { r.spec.Window = uint16(n) }, fits: onlyTCP},
		{name: "tcpopt", read: (*pr).readTCPOptions, fits: onlyTCP},
		{name: "type", max: u8, set: func(r *pr, n uint64) { r.spec.ICMPType = uint8(n) }, fits: onlyICMP},
		{name: "code", max: u8, set: func(r *pr, n uint64) { r.spec.ICMPCode = uint8(n) }, fits: onlyICMP},
		{name: "id", max: u16, set: func(r *pr, n uint64) { r.spec.ICMPID = uint16(n) }, fits: onlyICMP},
		{name: "ttl", max: u8, set: func(r *pr, n uint64) { r.spec.TTL = uint8(n) }},
		{name: "tos", max: u8, set: func(r *pr, n uint64) { r.spec.TOS = uint8(n) }},
		{name: "dscp", max: 63, set: func(r *pr, n uint64) { r.spec.TOS |= uint8(n << 2) }, fits: (*pr).dscpFits},
		{name: "ipid", max: u16, set: func(r *pr, n uint64) { r.spec.ID = uint16(n) }, fits: (*pr).ipidFits},
		{name: "flowlabel", max: 1<<20 - 1, set: func(r *pr, n uint64) { r.spec.FlowLabel = uint32(n) }, fits: only(netfilter.IPv6)},
		{name: "df", set: func(r *pr, _ uint64) { r.spec.DontFragment = true }, fits: only(netfilter.IPv4)},
		{name: "frag", read: (*pr).readFragment},
		{name: "payload", read: (*pr).readPayload},
		{name: "len", max: u16, set: func(r *pr, n uint64) { r.spec.Payload = make([]byte, n) }, fits: (*pr).lenFits},
		{name: "wire", read: (*pr).readWire},
		{name: "mark", max: u32, set: func(r *pr, n uint64) { r.meta.Mark = uint32(n) }, metadata: true},
		{name: "priority", max: u32, set: func(r *pr, n uint64) { r.meta.Priority = uint32(n) }, metadata: true},
		{name: "smac", read: func(r *pr, w word) error { return readMAC(w.text, &r.meta.SrcMAC) }, metadata: true},
		{name: "dmac", read: func(r *pr, w word) error { return readMAC(w.text, &r.meta.DstMAC) }, metadata: true},
		{name: "uid", max: u32, set: func(r *pr, n uint64) { r.sender().UID = uint32(n) }, metadata: true},
		{name: "gid", max: u32, set: func(r *pr, n uint64) { r.sender().GID = uint32(n) }, metadata: true},
		{name: "nofile", set: func(r *pr, _ uint64) { r.sender().NoFile = true }, metadata: true},
		{name: "bound", set: func(r *pr, _ uint64) { r.sender().Bound = true }, metadata: true},
		{name: "broadcast", set: func(r *pr, _ uint64) { r.sender().Broadcast = true }, metadata: true},
		{name: "flags", fits: onlyTCP},
	}
}

// modifiers returns all modifiers; most packets are written without any.
func (r *packetReader) modifiers() []modifier {
	if r.known == nil {
		r.known = modifiers()
	}
	return r.known
}

func (r *packetReader) modifierOf(name string) *modifier {
	for i, m := range r.modifiers() {
		if m.name == name {
			return &r.known[i]
		}
	}
	return nil
}

// modifier reads the next one.
func (r *packetReader) modifier() *Error {
	w, _ := r.take("")
	if w.open {
		return &Error{at: w, Err: errors.New("text in quotes must follow the word payload")}
	}
	if flags, ok := tcpFlags(w.text); ok {
		r.spec.Flags = flags
		return r.note("flags", w)
	}
	if typ, ok := r.icmpType(w.text); ok {
		r.spec.ICMPType = typ
		return r.note("type", w)
	}
	m := r.modifierOf(w.text)
	if m == nil || m.name == "flags" {
		e := &Error{at: w, Err: fmt.Errorf("unknown word %q", w.text), Hint: r.unknownWord(w.text)}
		if e.Hint != "" {
			return e
		}
		if near := nearest(w.text, r.modifierNames()); near != "" {
			e.Hint = fmt.Sprintf("did you mean %q?", near)
		}
		return e
	}
	if err := r.note(m.name, w); err != nil {
		return err
	}
	return r.value(m, w)
}

// note records a modifier; each may be given once.
func (r *packetReader) note(name string, w word) *Error {
	if _, ok := r.given[name]; ok {
		e := &Error{at: w, Err: fmt.Errorf("a second %s: only one is possible", name)}
		if name == "flags" {
			e.Hint = fmt.Sprintf("flags are joined by commas: %s,%s", r.given[name].text, w.text)
		}
		return e
	}
	r.given[name] = w
	return nil
}

// value reads what follows a modifier.
func (r *packetReader) value(m *modifier, at word) *Error {
	if m.max == 0 && m.read == nil {
		m.set(r, 0)
		return nil
	}
	v, missing := r.take("the value of " + m.name)
	if missing != nil {
		return missing
	}
	var err error
	if m.read != nil {
		err = m.read(r, v)
	} else {
		n, ok := number(v.text, 0, m.max)
		if !ok {
			err = fmt.Errorf("bad number %q: %s is between 0 and %d", v.text, m.name, m.max)
		} else {
			m.set(r, n)
		}
	}
	if err != nil {
		e := &Error{at: v, Option: at.text, Err: err}
		if _, isType := r.icmpType(v.text); isType && m.name == "type" {
			e.Hint = "the name of a type stands without the word type"
		}
		return e
	}
	return nil
}

func (r *packetReader) modifierNames() []string {
	names := []string{"echo-request", "echo-reply", "none"}
	for i := range 8 {
		names = append(names, packet.TCPFlags(1<<i).String())
	}
	for _, m := range r.modifiers() {
		names = append(names, m.name)
	}
	return names
}

// tcpFlags reads "syn,ack" or "none".
func tcpFlags(s string) (packet.TCPFlags, bool) {
	if s == "none" {
		return 0, true
	}
	var flags packet.TCPFlags
	for name := range strings.SplitSeq(s, ",") {
		f, ok := packet.TCPFlagByName(name)
		if !ok {
			return 0, false
		}
		flags |= f
	}
	return flags, true
}

func (r *packetReader) icmpType(s string) (uint8, bool) {
	v6 := r.spec.Proto == packet.ProtoICMPv6
	switch {
	case s == "echo-request" && v6:
		return 128, true
	case s == "echo-reply" && v6:
		return 129, true
	case s == "echo-request":
		return packet.ICMPEchoRequest, true
	}
	return 0, s == "echo-reply"
}

func onlyTCP(r *packetReader) string {
	return r.needsHeader(r.spec.Proto == packet.ProtoTCP, "TCP")
}

func onlyICMP(r *packetReader) string {
	return r.needsHeader(r.spec.Proto == packet.ProtoICMP || r.spec.Proto == packet.ProtoICMPv6, "ICMP")
}

func (r *packetReader) needsHeader(has bool, name string) string {
	switch {
	case !has:
		return "the packet is not " + name
	case r.spec.FragOffset != 0:
		return "a fragment after the first has no " + name + " header"
	}
	return ""
}

func only(f netfilter.Family) func(*packetReader) string {
	return func(r *packetReader) string {
		if packet.FamilyOf(r.spec.Src) != f {
			return "the packet is not " + f.String()
		}
		return ""
	}
}

func (r *packetReader) setSeq(n uint64) {
	r.spec.Seq, r.spec.ICMPSeq = uint32(n), uint16(n)
}

func (r *packetReader) seqFits() string {
	if r.spec.Proto == packet.ProtoTCP {
		return onlyTCP(r)
	}
	if r.spec.Seq > 1<<16-1 {
		return "its greatest value is 65535 here"
	}
	return r.needsHeader(onlyICMP(r) == "", "TCP or ICMP")
}

func (r *packetReader) dscpFits() string {
	if _, ok := r.given["tos"]; ok {
		return "tos says it"
	}
	return ""
}

func (r *packetReader) ipidFits() string {
	if packet.FamilyOf(r.spec.Src) == netfilter.IPv6 && r.given["frag"] == (word{}) {
		return "only fragments have an identification in IPv6"
	}
	return ""
}

func (r *packetReader) lenFits() string {
	if _, ok := r.given["payload"]; ok {
		return "the payload has a length"
	}
	return ""
}

func (r *packetReader) readTCPOptions(w word) error {
	s, ok := strings.CutPrefix(w.text, "hex:")
	if !ok {
		return errors.New("TCP options look like hex:020405b4")
	}
	b, err := parseHex(s)
	if err == nil && len(b) > 40 {
		err = fmt.Errorf("%d bytes of TCP options: at most 40 fit", len(b))
	}
	r.spec.TCPOptions = b
	return err
}

// readFragment reads an offset in bytes, with "+" after it if more fragments
// follow.
func (r *packetReader) readFragment(w word) error {
	s, more := strings.CutSuffix(w.text, "+")
	n, err := strconv.ParseUint(s, 10, 16)
	switch {
	case err != nil || n%8 != 0:
		return fmt.Errorf("bad fragment offset %q: need a multiple of 8 up to 65528", w.text)
	case n == 0 && !more:
		return errors.New("an offset of 0 without more fragments is no fragment")
	}
	r.spec.FragOffset, r.spec.MoreFragments = uint16(n), more
	return nil
}

func (r *packetReader) readPayload(w word) (err error) {
	if s, ok := strings.CutPrefix(w.text, "hex:"); ok && !w.open {
		r.spec.Payload, err = parseHex(s)
		return err
	}
	r.spec.Payload = []byte(w.text)
	return nil
}

func (r *packetReader) readWire(w word) (err error) {
	r.wire, err = parseHex(strings.TrimPrefix(w.text, "hex:"))
	if err == nil && len(r.wire) == 0 {
		err = errors.New("the packet has no bytes")
	}
	return err
}

// sender returns the packet's socket, created on first use.
func (r *packetReader) sender() *packet.Socket {
	if r.meta.Socket == nil {
		r.meta.Socket = &packet.Socket{}
	}
	return r.meta.Socket
}

func readMAC(s string, into *packet.MAC) error {
	m, err := net.ParseMAC(s)
	if err != nil || len(m) != len(into) {
		return fmt.Errorf("bad Ethernet address %q: it looks like 02:00:00:00:00:01", s)
	}
	copy(into[:], m)
	return nil
}
