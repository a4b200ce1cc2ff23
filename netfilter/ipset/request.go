package ipset

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Command is an operation on an element of a set.
type Command uint8

// The commands on elements.
const (
	Add Command = iota
	Del
	Test
)

// Request is the element of a command with its extensions. It may expand to
// many elements: a range of addresses, ports, or both.
type Request struct {
	addr, addr2 addrSpan
	port        portSpan
	mac         packet.MAC
	hasMAC      bool
	mark        uint32
	iface       string
	physdev     bool
	set         string
	ref         string // member of a list:set before or after which the element is placed
	before      bool

	NoMatch  bool
	Wildcard bool
	Extensions
	HasTimeout, HasPackets, HasBytes, HasComment, HasSKBInfo bool
}

// ReadRequest reads the element of a command on a set of this type and family
// (ipset lib/parse.c, ipset_parse_elem).
func ReadRequest(t Type, f netfilter.Family, cmd Command, text string) (Request, error) {
	var r Request
	if t == ListSet {
		return r, r.readMember(text)
	}
	words, err := splitElement(t, text)
	if err != nil {
		return r, err
	}
	for i, w := range words {
		if err := r.readPart(t, f, cmd, i, w); err != nil {
			return r, err
		}
	}
	return r, nil
}

// splitElement cuts an element at its commas.
func splitElement(t Type, text string) ([]string, error) {
	var words []string
	rest, found := text, true
	for found {
		var w string
		w, rest, found = cutAt(rest, ",")
		words = append(words, w)
	}
	need := t.Dimensions()
	if len(words) > need || len(words) < need && t != BitmapIPMAC {
		return nil, fmt.Errorf("element %q has %d parts, but type %s takes %d", text, len(words), t, need)
	}
	return words, nil
}

func (r *Request) readPart(t Type, f netfilter.Family, cmd Command, i int, w string) (err error) {
	switch t.info().parts[i] {
	case partIP, partNet:
		span, err := readSpan(w, f, formOf(t, i, f))
		if err != nil {
			return err
		}
		if err := checkForm(t, cmd, i, &span, w); err != nil {
			return err
		}
		if i == 0 {
			r.addr = span
		} else {
			r.addr2 = span
		}
		return nil
	case partPort:
		r.port, err = readPort(w, f)
		if err == nil && cmd == Test && r.port.isRange {
			return fmt.Errorf("a range of ports cannot be tested: %q", w)
		}
		if err == nil && t == BitmapPort && r.port.proto != packet.ProtoTCP && r.port.proto != packet.ProtoUDP {
			return fmt.Errorf("only tcp and udp are possible in type %s", t)
		}
		return err
	case partMAC:
		r.hasMAC = true
		r.mac, err = readMAC(w)
		return err
	case partMark:
		v, err := opt.Uint(w, 0, 1<<32-1)
		r.mark = uint32(v)
		return err
	}
	return r.readIface(w)
}

// checkForm refuses options that the command does not support (ipset
// lib/ipset.c, check_allowed).
func checkForm(t Type, cmd Command, i int, a *addrSpan, w string) error {
	plain := t.info().parts[i] == partIP
	switch {
	case plain && a.hasBits && (t == BitmapIPMAC || t == HashIPMAC || i == 2):
		return fmt.Errorf("a prefix length is not possible here: %q", w)
	case plain && a.hasBits && cmd == Test && !testsNetworks(t):
		return fmt.Errorf("a network cannot be tested: %q", w)
	case i == 0 && a.to.IsValid() && cmd == Test && !testsNetworks(t):
		return fmt.Errorf("a range cannot be tested: %q", w)
	}
	return nil
}

// testsNetworks reports whether "test" accepts networks and ranges, of which it
// tests the first address.
func testsNetworks(t Type) bool { return t == HashIP }

func (r *Request) readIface(w string) error {
	r.iface, r.physdev = strings.CutPrefix(w, "physdev:")
	if len(r.iface) > 15 {
		return fmt.Errorf("interface name %q is longer than 15 characters", r.iface)
	}
	return nil
}

// readMAC reads six hex numbers joined by colons.
func readMAC(s string) (m packet.MAC, err error) {
	words := strings.Split(s, ":")
	if len(words) != len(m) || len(s) > 17 {
		return m, fmt.Errorf("bad MAC address %q: need six hex numbers joined by colons", s)
	}
	for i, w := range words {
		n, err := strconv.ParseUint(w, 16, 8)
		if err != nil {
			return m, fmt.Errorf("bad MAC address %q: %w", s, err)
		}
		m[i] = uint8(n)
	}
	return m, nil
}

// readMember reads the name of a member, or the old "name,before,name".
func (r *Request) readMember(text string) error {
	name, rest, found := cutAt(text, ",")
	if found {
		where, ref, found := cutAt(rest, ",")
		if !found || where != "before" && where != "after" {
			return fmt.Errorf("bad element %q: need name, or name,before,name", text)
		}
		if err := r.SetReference(ref, where == "before"); err != nil {
			return err
		}
	}
	r.set = name
	return CheckName(name)
}

// SetReference sets the member of a list:set next to which the element is
// placed.
func (r *Request) SetReference(name string, before bool) error {
	if r.ref != "" {
		return errors.New("before or after is given twice")
	}
	r.ref, r.before = name, before
	return CheckName(name)
}

// SetTimeout sets the timeout of the entry; 0 means no timeout.
func (r *Request) SetTimeout(d time.Duration) { r.HasTimeout, r.Expires = true, d }

// maxName is the longest name of a set (include/uapi/linux/netfilter/ipset/
// ip_set.h, IPSET_MAXNAMELEN).
const maxName = 31

// CheckName refuses names that no set can have, and those with a newline or a zero
// byte, which no line of text can hold.
func CheckName(name string) error {
	switch {
	case name == "" || len(name) > maxName:
		return fmt.Errorf("name of a set %q: need 1 to %d characters", name, maxName)
	case strings.ContainsAny(name, "\n\x00"):
		return fmt.Errorf("name of a set %q: no line of text can hold it", name)
	}
	return nil
}

// ReadRange reads the range of a bitmap of this type.
func ReadRange(t Type, text string) (o Options, err error) {
	if t == BitmapPort {
		p, err := readPort(text, netfilter.IPv4)
		if err == nil && (!p.isRange || p.proto != packet.ProtoTCP && p.proto != packet.ProtoUDP) {
			err = fmt.Errorf("need a range of TCP or UDP ports, not %q", text)
		}
		o.FromPort, o.ToPort = min(p.from, p.to), max(p.from, p.to)
		return o, err
	}
	a, err := readSpan(text, netfilter.IPv4, formRange)
	if err != nil {
		return o, err
	}
	from, to := number(a.addr), uint32(0)
	switch {
	case !a.hasBits:
		to = number(a.to)
	case t == BitmapIP && a.bits > 32 || a.bits >= 32:
		return o, fmt.Errorf("range %q: %w", text, ErrPrefix)
	default:
		s := networkSpan(from, a.bits)
		from, to = s.from, s.to
	}
	o.From, o.To = address(min(from, to)), address(max(from, to))
	return o, nil
}

// ReadMask reads a bitmask.
func ReadMask(f netfilter.Family, text string) (netip.Addr, error) {
	a, err := readAddr(text, f)
	if err == nil && a.IsUnspecified() {
		err = ErrNetmask
	}
	return a, err
}
