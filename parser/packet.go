package parser

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ParsePacket reads a packet from one line:
//
//	[LINK:] PROTOCOL SOURCE > DESTINATION [MODIFIER …]
//
// The link is the one the packet arrives by; without it a local process sends
// the packet. The protocol is tcp, udp, udplite, sctp, dccp, icmp, icmp6, or
// "proto" and a number or name. Addresses of the first five have ports:
// 10.0.0.1:80, [2001:db8::1]:80. Modifiers in any order are
//
//	syn  syn,ack  none …        flags of TCP; syn if none are given
//	seq N  ackno N  win N  tcpopt hex:…
//	echo-request  echo-reply    the former if no type is given
//	type N  code N  id N  seq N of ICMP
//	ttl N  tos N  dscp N  ipid N  flowlabel N
//	df  frag N  frag N+         fragment at offset N in bytes; "+": more follow
//	payload "text"  payload hex:…  len N (zeros); without them SCTP has an INIT chunk
//	mark N  priority N  smac MAC  dmac MAC
//	uid N  gid N  nofile  bound  broadcast   of the socket that sends it; refused if a link is named
//	wire HEX                    the whole packet; what is ahead need not be given
//
// The error has the type [*Error].
func ParsePacket(text string) (dev string, p netfilter.Packet, err error) {
	r := &packetReader{text: text, given: map[string]word{}}
	dev, p, fault := r.read()
	if fault == nil {
		return dev, p, nil
	}
	if fault.Word == "" {
		fault.Word = fault.at.text
	}
	fault.at = fault.narrowed()
	fault.Pos = netfilter.Pos{Line: 1, Col: fault.at.start + 1}
	fault.Line = strings.ReplaceAll(text, "\n", " ")
	return "", netfilter.Packet{}, fault
}

// MustPacket is like [ParsePacket] but panics if the text is no packet, for
// constant texts:
//
//	r := node.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:5000 > 192.0.2.7:80"))
func MustPacket(text string) (dev string, p netfilter.Packet) {
	dev, p, err := ParsePacket(text)
	if err != nil {
		panic(fmt.Sprintf("parser.MustPacket(%q): %v", text, err))
	}
	return dev, p
}

// FormatPacket prints a packet that arrives by a link, "" for one that is sent,
// so that ParsePacket reads it back, unless it is said to arrive and has a socket. The
// output link (Packet.Dev), which only results have, is not part of the text.
func FormatPacket(dev string, p netfilter.Packet) string {
	if dev == "" {
		return p.String()
	}
	return dev + ": " + p.String()
}

// packetReader reads the text of a packet.
type packetReader struct {
	text      string
	words     []word
	next      int
	spec      packet.Spec
	known     []modifier      // once a modifier is asked for
	given     map[string]word // modifiers by name
	proto     word
	endpoints [2]word
	wire      []byte
	meta      netfilter.Packet // its metadata
}

func (r *packetReader) read() (string, netfilter.Packet, *Error) {
	if err := r.split(); err != nil {
		return "", netfilter.Packet{}, err
	}
	dev := ""
	if len(r.words) > 0 {
		if name, ok := strings.CutSuffix(r.words[0].text, ":"); ok && name != "" {
			dev = name
			r.next++
		}
	}
	r.spec = packet.Spec{TTL: 64, Literal: true}
	if r.peek() != "wire" {
		if err := r.readEndpoints(); err != nil {
			return "", netfilter.Packet{}, err
		}
	}
	for r.next < len(r.words) {
		if err := r.modifier(); err != nil {
			return "", netfilter.Packet{}, err
		}
	}
	if err := r.refuseSocket(dev); err != nil {
		return "", netfilter.Packet{}, err
	}
	p, err := r.build()
	return dev, p, err
}

// refuseSocket rejects words about a socket in a packet that arrives by a link.
func (r *packetReader) refuseSocket(dev string) *Error {
	if dev == "" || r.meta.Socket == nil {
		return nil
	}
	for _, name := range []string{"uid", "gid", "nofile", "bound", "broadcast"} {
		if w, ok := r.given[name]; ok {
			return &Error{at: w, Err: fmt.Errorf("%s is of the socket that sends a packet, but this one arrives by %s: leave it out, or leave out the link", name, dev)}
		}
	}
	return nil
}

// split cuts the text at blanks; a word that begins with a quote goes to the
// closing one, with the escapes of Go.
func (r *packetReader) split() *Error {
	for i := 0; ; {
		for i < len(r.text) && (blank(r.text[i]) || r.text[i] == '\r') {
			i++
		}
		if i == len(r.text) {
			return nil
		}
		rest := r.text[i:]
		n := strings.IndexAny(rest, " \t\r\n")
		if n < 0 {
			n = len(rest)
		}
		w := word{text: rest[:n], start: i, end: i + n}
		if rest[0] == '"' {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return &Error{at: word{start: i, end: len(r.text)}, Err: errors.New("the quote is not closed, or holds a bad escape")}
			}
			text, _ := strconv.Unquote(quoted)
			n = len(quoted)
			w = word{text: text, start: i, end: i + n, open: true}
		}
		r.words = append(r.words, w)
		i += n
	}
}

func (r *packetReader) peek() string {
	if r.next == len(r.words) {
		return ""
	}
	return r.words[r.next].text
}

// take returns the next word; the error names what is missing.
func (r *packetReader) take(what string) (word, *Error) {
	if r.next == len(r.words) {
		return word{}, &Error{at: word{start: len(r.text), end: len(r.text)}, Err: fmt.Errorf("%s is missing", what)}
	}
	r.next++
	return r.words[r.next-1], nil
}

func (r *packetReader) readEndpoints() *Error {
	if err := r.readProto(); err != nil {
		return err
	}
	var err *Error
	if r.endpoints[0], err = r.take("the source"); err != nil {
		return err
	}
	arrow, err := r.take(`">" and the destination`)
	if err != nil {
		if err.Hint = r.endpointHint(r.endpoints[0].text); err.Hint == "" {
			err.Hint = `a shell takes ">" for itself: put the packet between quotes`
		}
		return err
	}
	if arrow.text != ">" {
		return &Error{at: arrow, Err: fmt.Errorf(`need ">" between source and destination, not %q`, arrow.text)}
	}
	r.endpoints[1], err = r.take("the destination")
	return err
}

func (r *packetReader) readProto() *Error {
	w, err := r.take("the protocol")
	if err != nil {
		return err
	}
	r.proto = w
	if w.text == "proto" {
		if r.proto, err = r.take("the number of the protocol"); err != nil {
			return err
		}
		if n, ok := number(r.proto.text, 0, 255); ok {
			r.spec.Proto = uint8(n)
			return nil
		}
	}
	var ok bool
	if r.spec.Proto, ok = packetProtocol(r.proto.text); !ok {
		e := &Error{at: r.proto, Err: fmt.Errorf("unknown protocol %q", r.proto.text), Hint: `a link is followed by a colon, a protocol without a name is "proto 47"`}
		if link, rest, ok := strings.Cut(r.proto.text, ":"); ok && link != "" && rest != "" {
			e.Hint = fmt.Sprintf("a blank follows the colon: %s: %s", link, rest)
		}
		return e
	}
	return nil
}

func packetProtocol(name string) (uint8, bool) {
	switch name {
	case "icmp6":
		return packet.ProtoICMPv6, true
	case "all", "":
		return 0, false
	}
	return packet.ProtocolByName(name)
}

// build builds the packet after all words have been read.
func (r *packetReader) build() (netfilter.Packet, *Error) {
	var p netfilter.Packet
	var err *Error
	if r.wire != nil {
		p, err = r.buildWire()
	} else {
		p, err = r.buildSpec()
	}
	if err != nil {
		return p, err
	}
	p.Mark, p.Priority, p.SrcMAC, p.DstMAC, p.Socket = r.meta.Mark, r.meta.Priority, r.meta.SrcMAC, r.meta.DstMAC, r.meta.Socket
	return p, nil
}

func (r *packetReader) buildSpec() (netfilter.Packet, *Error) {
	for i, w := range r.endpoints {
		if err := r.readEndpoint(i, w); err != nil {
			return netfilter.Packet{}, err
		}
	}
	if err := r.check(); err != nil {
		return netfilter.Packet{}, err
	}
	r.setDefaults()
	p, err := r.spec.Build()
	if err != nil {
		return p, &Error{at: r.endpoints[1], Err: err}
	}
	return p, nil
}

// setDefaults sets what depends on what was given.
func (r *packetReader) setDefaults() {
	s := &r.spec
	if _, ok := r.given["flags"]; !ok {
		s.Flags = packet.SYN
	}
	if _, ok := r.given["win"]; !ok && s.Flags&packet.RST == 0 {
		s.Window = 64240
	}
	if s.Proto == packet.ProtoSCTP && s.FragOffset == 0 && !s.MoreFragments && !r.hasPayload() {
		s.Payload = packet.SCTPInit()
	}
	if _, ok := r.given["type"]; !ok {
		s.ICMPType = packet.ICMPEchoRequest
		if s.Proto == packet.ProtoICMPv6 {
			s.ICMPType = 128
		}
	}
}

// hasPayload reports whether the text says what the payload is.
func (r *packetReader) hasPayload() bool {
	_, text := r.given["payload"]
	_, length := r.given["len"]
	return text || length
}

// readEndpoint reads the address, with port if the protocol has one.
func (r *packetReader) readEndpoint(i int, w word) *Error {
	addr, port, err := r.parseEndpoint(w.text)
	if err != nil {
		return &Error{at: w, Err: err, Hint: r.endpointHint(w.text)}
	}
	if i == 0 {
		r.spec.Src, r.spec.SrcPort = addr, port
		return nil
	}
	if addr.Is4() != r.spec.Src.Is4() {
		return &Error{at: w, Err: fmt.Errorf("%s and %s are of different families", r.spec.Src, addr)}
	}
	r.spec.Dst, r.spec.DstPort = addr, port
	return nil
}

// portInAddress shows the brackets that set a port off from an IPv6 address, where
// what was read as its last part may be one: "2001:db8::1:22".
func portInAddress(s string) string {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return ""
	}
	a, err := netip.ParseAddr(s[:i])
	port, bad := strconv.ParseUint(s[i+1:], 10, 16)
	if err != nil || bad != nil {
		return ""
	}
	return fmt.Sprintf(", or with brackets if %d is the port: %s", port, netip.AddrPortFrom(a, uint16(port)))
}

func (r *packetReader) parseEndpoint(s string) (netip.Addr, uint16, error) {
	ports := packet.HasPorts(r.spec.Proto) && r.spec.FragOffset == 0
	name := packet.ProtocolName(r.spec.Proto)
	bare, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err == nil && bare.Zone() == "" {
		if ports {
			return bare, 0, fmt.Errorf("%s needs a port: %s%s", name, netip.AddrPortFrom(bare, 1024), portInAddress(s))
		}
		return bare, 0, nil
	}
	both, err := netip.ParseAddrPort(s)
	switch {
	case err != nil || both.Addr().Zone() != "":
		if ports {
			return bare, 0, fmt.Errorf("bad address and port %q: they look like 10.0.0.1:80 or [2001:db8::1]:80", s)
		}
		return bare, 0, fmt.Errorf("bad address %q", s)
	case !ports && r.spec.FragOffset != 0:
		return bare, 0, errors.New("a fragment after the first has no ports")
	case !ports:
		return bare, 0, fmt.Errorf("%s has no ports", name)
	}
	return both.Addr(), both.Port(), nil
}

// check refuses modifiers that the packet cannot have.
func (r *packetReader) check() *Error {
	for _, w := range r.words {
		for name, at := range r.given {
			m := r.modifierOf(name)
			if at != w || m == nil || m.fits == nil {
				continue
			}
			if reason := m.fits(r); reason != "" {
				return &Error{at: at, Option: name, Err: fmt.Errorf("%s is not possible: %s", at.text, reason)}
			}
		}
	}
	return nil
}

// buildWire decodes the packet from its bytes. Protocol and addresses given
// before them must agree with the bytes.
func (r *packetReader) buildWire() (netfilter.Packet, *Error) {
	at := r.given["wire"]
	p, err := packet.Decode(r.wire)
	if err != nil {
		return p, &Error{at: at, Err: err}
	}
	if p.Len() != len(r.wire) {
		return p, &Error{at: at, Err: fmt.Errorf("%d bytes follow the packet, which has %d", len(r.wire)-p.Len(), p.Len())}
	}
	for _, w := range r.words {
		for name, given := range r.given {
			if m := r.modifierOf(name); given == w && m != nil && !m.metadata && name != "wire" {
				return p, &Error{at: w, Err: fmt.Errorf("%s has no place beside wire: the bytes say it", w.text)}
			}
		}
	}
	if r.endpoints[0] == (word{}) {
		return p, nil
	}
	said := strings.Fields(p.String())
	if i := slices.Index(said, ">"); i < 2 || !r.agrees(said[i-2], said[i-1], said[i+1]) {
		return p, &Error{at: r.proto, Err: fmt.Errorf("the bytes after wire are another packet's: %s", p.String())}
	}
	return p, nil
}

// agrees reports whether protocol and addresses are those given in the text.
func (r *packetReader) agrees(proto, src, dst string) bool {
	n, ok := packetProtocol(proto)
	if v, isNumber := number(proto, 0, 255); isNumber {
		n, ok = uint8(v), true
	}
	return ok && n == r.spec.Proto && src == r.endpoints[0].text && dst == r.endpoints[1].text
}

func parseHex(s string) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("bad hex: %w", err)
	}
	return b, nil
}
