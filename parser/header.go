package parser

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// conditions are the options of a rule's header (-s, -d, -i, -o, -p, -f).
type conditions struct {
	header       netfilter.Header
	src, dst     word
	protocol     string // the word after -p, in lower case
	protocolAt   word
	protocolUsed bool // its match was loaded implicitly
}

// maxInterface is the maximum length of an interface name in bytes
// (include/uapi/linux/if.h, IFNAMSIZ less the final zero).
const maxInterface = 15

// setProtocol reads the value of -p (libxtables, xtables_parse_protocol).
func (l *line) setProtocol(it *item) *Error {
	name := strings.ToLower(it.value.text)
	l.protocol, l.protocolAt = name, it.value
	proto, ok := uint8(0), true
	if n, isNumber := number(name, 0, 255); isNumber {
		proto = uint8(n)
	} else if name == "mptcp" {
		return l.setMPTCP()
	} else {
		proto, ok = packet.ProtocolByName(name)
	}
	fail := func(err error) *Error {
		return &Error{at: it.value, Option: it.opt.text, Word: it.value.text, Err: err}
	}
	if !ok {
		e := fail(fmt.Errorf("unknown protocol %q", it.value.text))
		e.Hint = l.gluedHint(it)
		return e
	}
	if proto == 0 && l.invert {
		return fail(errors.New(`"! -p all" matches no packet`))
	}
	l.header.Proto, l.header.InvProto = proto, l.invert
	l.header.ProtoNumber = l.context.Version.NumericProtocol(proto)
	l.header.AllProtos = proto == 0 && l.family == netfilter.IPv6
	if l.family == netfilter.IPv6 && !l.invert && isExtensionHeader(proto) {
		l.warning(fail(fmt.Errorf("-p %s never matches: it is an extension header, not a protocol", it.value.text)))
	}
	return nil
}

// setMPTCP handles -p mptcp, whose number 262 does not fit an IP header. Legacy
// rules store it; nf_tables compares its low byte, which is the number of TCP.
func (l *line) setMPTCP() *Error {
	l.header.InvProto = l.invert
	if l.rs.Backend == netfilter.NFTables {
		l.header.Proto = packet.ProtoTCP
		return nil
	}
	l.header.MPTCP = true
	l.header.ProtoNumber = l.context.Version.NumericProtocol(0)
	return nil
}

// isExtensionHeader reports whether ip6tables warns about a next-header value
// (iptables/ip6tables.c, is_exthdr).
func isExtensionHeader(p uint8) bool {
	switch p {
	case packet.ProtoRouting, packet.ProtoFragment, packet.ProtoAH, packet.ProtoDestOpts:
		return true
	}
	return false
}

// gluedHint is the hint for a value attached to an option that does not support
// this form.
func (l *line) gluedHint(it *item) string {
	if it.value.start != it.opt.start || !l.readsWholeWord(it.letter) {
		return ""
	}
	return fmt.Sprintf("the value of %s must be a word of its own", display(it.letter))
}

// setInterface reads the value of -i or -o (libxtables, xtables_parse_interface).
func (l *line) setInterface(it *item, name *string) *Error {
	v := it.value.text
	fail := func(err error) *Error {
		return &Error{at: it.value, Option: it.opt.text, Word: v, Err: err, Hint: l.gluedHint(it)}
	}
	switch {
	case it.empty:
		return fail(errors.New("the name of the interface is empty"))
	case len(v) > maxInterface:
		return fail(fmt.Errorf("interface %q: a name has at most %d bytes", v, maxInterface))
	}
	if strings.ContainsAny(v, "/ ") {
		l.warning(fail(fmt.Errorf("interface %q: no interface can have such a name", v)))
	}
	*name = v
	return nil
}

func (l *line) setFragment(it *item) *Error {
	if l.family == netfilter.IPv6 {
		return &Error{at: it.opt, Option: it.opt.text, Err: errors.New("-f is not for IPv6"), Hint: "use -m frag"}
	}
	l.header.Fragment, l.header.InvFragment = true, l.invert
	return nil
}

// setCounters reads "-c PACKETS BYTES" and "-c PACKETS,BYTES".
func (l *line) setCounters(it *item) *Error {
	packets, bytes := it.value, word{}
	if i := strings.IndexByte(packets.text, ','); i > 0 {
		bytes = word{text: packets.text[i+1:], start: packets.start, end: packets.end}
	} else if l.peekPlain() {
		bytes = l.take()
	} else {
		return &Error{at: it.opt, Option: it.opt.text, Err: errors.New("-c needs a number of packets and one of bytes")}
	}
	var ok [2]bool
	l.counters.Packets, _, ok[0] = scanNumber(packets.text)
	l.counters.Bytes, _, ok[1] = scanNumber(bytes.text)
	for i, w := range [2]word{packets, bytes} {
		if !ok[i] {
			return &Error{at: w, Option: it.opt.text, Word: w.text, Err: fmt.Errorf("counter %q is no number", w.text)}
		}
	}
	return nil
}
