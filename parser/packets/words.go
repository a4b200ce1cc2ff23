package packets

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
)

var arrow = regexp.MustCompile(`->|→|=>|>`)

// parseWords converts common variations to the language of parser.ParsePacket. first is
// the error of parser.ParsePacket for the unchanged text.
func parseWords(text string, first error) (*Packet, error) {
	p := &Packet{Form: Words}
	r := &rewriter{p: p}
	fixed, err := r.rewrite(text)
	if errors.Is(err, errUsual) {
		return nil, first
	}
	if err != nil {
		return nil, err
	}
	dev, pkt, err := parser.ParsePacket(fixed)
	if err != nil {
		if fixed == text || r.changes == 0 {
			return nil, first
		}
		return nil, err
	}
	p.Dev, p.Packet = dev, pkt
	return p, nil
}

// errUsual reports that the error of parser.ParsePacket is the best one.
var errUsual = errors.New("")

// rewriter converts the words of a packet.
type rewriter struct {
	p       *Packet
	out     []string
	words   []string
	proto   uint8
	v6      bool
	changes int
}

func (r *rewriter) rewrite(text string) (string, error) {
	if strings.Contains(text, `"`) { // a payload may contain any text
		head, tail, _ := strings.Cut(text, `"`)
		fixed, err := r.rewrite(head)
		return fixed + ` "` + tail, err
	}
	r.words = strings.Fields(arrow.ReplaceAllString(text, " > "))
	r.link()
	if err := r.protocol(); err != nil {
		return "", err
	}
	if err := r.ends(); err != nil {
		return "", err
	}
	if err := r.modifiers(); err != nil {
		return "", err
	}
	fixed := strings.Join(r.out, " ")
	if fixed != text {
		r.changes++
	}
	return fixed, nil
}

func (r *rewriter) next() string {
	if len(r.words) == 0 {
		return ""
	}
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

func (r *rewriter) peek() string {
	if len(r.words) == 0 {
		return ""
	}
	return r.words[0]
}

// link parses "eth0:", "eth0:tcp", "eth0 :" and "in eth0", "from eth0" before
// the protocol.
func (r *rewriter) link() {
	w := r.peek()
	switch name, rest, glued := strings.Cut(w, ":"); {
	case glued && rest == "" && name != "":
		r.out = append(r.out, r.next())
	case glued && isProtocol(rest):
		r.out = append(r.out, name+":")
		r.words[0] = rest
	case len(r.words) > 2 && r.words[1] == ":":
		r.out = append(r.out, r.next()+":")
		r.next()
	case (w == "in" || w == "iif" || w == "dev") && len(r.words) > 1:
		r.next()
		r.out = append(r.out, strings.TrimSuffix(r.next(), ":")+":")
	case len(r.words) > 2 && !isProtocol(w) && isProtocol(r.words[1]):
		r.out = append(r.out, r.next()+":")
	}
}

func (r *rewriter) protocol() error {
	w := strings.ToLower(r.next())
	switch w {
	case "ping":
		w = "icmp"
	case "icmpv6", "ipv6-icmp":
		w = "icmp6"
	case "proto":
		r.out = append(r.out, w)
		w = strings.ToLower(r.next())
	case "wire":
		r.out = append(append(r.out, w), r.words...)
		r.words = nil
		return nil
	}
	if !isProtocol(w) && (len(r.out) == 0 || r.out[len(r.out)-1] != "proto") {
		return errUsual
	}
	r.proto, _ = packet.ProtocolByName(w)
	if w == "icmp6" {
		r.proto = packet.ProtoICMPv6
	}
	if w == "gre" || w == "esp" || w == "ah" {
		r.out = append(r.out, "proto")
	}
	r.out = append(r.out, w)
	return nil
}

// ends parses source and destination and the word or arrow between them.
func (r *rewriter) ends() error {
	if r.peek() == "from" {
		r.next()
	}
	if len(r.words) == 0 {
		return nil
	}
	src := r.end()
	switch w := r.peek(); w {
	case ">", "to":
		r.next()
	case "":
		return fmt.Errorf("the destination is missing behind %q: write SOURCE > DESTINATION, and put the packet in quotes, for the shell takes a bare > for itself", src)
	default:
		if _, err := netip.ParseAddr(w); err != nil && !looksEnd(w) {
			return nil
		}
		return fmt.Errorf(`">" or "to" is missing between %q and %q; the shell takes a bare > for itself, so put the packet in quotes`, src, w)
	}
	if len(r.words) == 0 {
		return errors.New("the destination is missing; the shell takes a bare > for itself, so put the packet in quotes")
	}
	dst := r.end()
	r.v6 = strings.Count(dst, ":") > 1
	if packet.HasPorts(r.proto) {
		var err error
		if dst, err = r.port(dst, false); err != nil {
			return err
		}
		if src, err = r.port(src, true); err != nil {
			return err
		}
	}
	if r.proto == packet.ProtoICMP && r.v6 {
		r.out[len(r.out)-1] = "icmp6"
		r.proto = packet.ProtoICMPv6
	}
	r.out = append(r.out, src, ">", dst)
	return nil
}

func looksEnd(w string) bool {
	_, err := netip.ParseAddrPort(w)
	return err == nil
}

// end parses an address with its port, which may be two words.
func (r *rewriter) end() string {
	e := r.next()
	if r.peek() == "port" && len(r.words) > 1 {
		r.next()
		return joinPort(e, r.next())
	}
	return e
}

func joinPort(addr, port string) string {
	if strings.Count(addr, ":") > 1 && !strings.HasPrefix(addr, "[") {
		addr = "[" + addr + "]"
	}
	return addr + ":" + port
}

// port returns the port of an end as a number, and chooses one for a source without a
// port.
func (r *rewriter) port(e string, source bool) (string, error) {
	addr, port, ok := splitPort(e)
	if !ok {
		if !source {
			return e, nil // parser.ParsePacket reports that it is missing
		}
		r.p.note("the source port is not given; %d is taken", usualPort)
		return joinPort(addr, strconv.Itoa(usualPort)), nil
	}
	if strings.Trim(port, "0123456789") == "" {
		return e, nil
	}
	n, err := service(port, r.proto)
	if err != nil {
		return "", err
	}
	return joinPort(addr, strconv.Itoa(int(n))), nil
}

// splitPort splits an end into address and port; ok is false if it has no port.
func splitPort(e string) (addr, port string, ok bool) {
	if strings.HasPrefix(e, "[") {
		addr, port, ok = strings.Cut(e[1:], "]")
		port, colon := strings.CutPrefix(port, ":")
		return addr, port, ok && colon && port != ""
	}
	if strings.Count(e, ":") > 1 { // an IPv6 address without brackets
		return e, "", false
	}
	addr, port, ok = strings.Cut(e, ":")
	return addr, port, ok && port != ""
}

// service returns the port of a service as iptables does.
func service(name string, proto uint8) (uint16, error) {
	rs, err := parser.ParseString(fmt.Sprintf("*filter\n-A INPUT -p %s -m multiport --dports %s\nCOMMIT\n", packet.ProtocolName(proto), name))
	if err == nil {
		for _, m := range firstMatches(rs) {
			if m, ok := m.(*match.Multiport); ok && len(m.Ports) == 1 {
				return m.Ports[0].Min, nil
			}
		}
	}
	return 0, fmt.Errorf("port %q is no service of %s that is known; give its number", name, packet.ProtocolName(proto))
}

// firstMatches returns the matches of the first rule of INPUT. There may be none, because
// a name may contain words that end the reading.
func firstMatches(rs *netfilter.Ruleset) []netfilter.Match {
	if len(rs.Tables) == 0 || rs.Tables[0].Chain("INPUT") == nil || len(rs.Tables[0].Chain("INPUT").Rules) == 0 {
		return nil
	}
	return rs.Tables[0].Chain("INPUT").Rules[0].Matches
}

// tcpdumpFlags are the letters that tcpdump prints for flags of TCP.
var tcpdumpFlags = map[rune]string{'S': "syn", 'F': "fin", 'R': "rst", 'P': "psh", '.': "ack", 'U': "urg", 'E': "ece", 'W': "cwr"}

// flagsOf parses flags of TCP in common forms: SYN, [S.], S, syn+ack, SYN/ACK.
func flagsOf(w string) (string, bool) {
	inner, bracket := strings.CutPrefix(w, "[")
	inner = strings.TrimSuffix(inner, "]")
	if bracket && inner == "none" {
		return "none", true
	}
	if bracket || len(inner) <= 2 && strings.Trim(inner, "SFRPUEW.") == "" && inner != "" {
		var names []string
		for _, c := range inner {
			name, ok := tcpdumpFlags[c]
			if !ok {
				return "", false
			}
			names = append(names, name)
		}
		return strings.Join(names, ","), len(names) > 0
	}
	var names []string
	for name := range strings.FieldsFuncSeq(strings.ToLower(w), func(c rune) bool { return c == '+' || c == ',' || c == '/' || c == '|' || c == '-' }) {
		if _, ok := packet.TCPFlagByName(name); !ok && name != "none" {
			return "", false
		}
		names = append(names, name)
	}
	return strings.Join(names, ","), len(names) > 0
}

// modifiers parses the words after source and destination.
func (r *rewriter) modifiers() error {
	var flags []string
	for len(r.words) > 0 {
		w := r.next()
		key, value, equals := strings.Cut(w, "=")
		lower := strings.ToLower(w)
		switch {
		case r.proto == packet.ProtoTCP && (lower == "established" || lower == "related" || lower == "new"):
			if lower == "new" {
				continue
			}
			return fmt.Errorf("%q is no property of one packet but of what went before it: give the conversation (packetpath talk), or the connections as conntrack -L prints them", w)
		case equals:
			r.out = append(r.out, strings.ToLower(key), value)
		case lower == "flags" && len(r.words) > 0:
		case r.isICMP() && lower == "type" && len(r.words) > 0 && strings.Trim(r.words[0], "0123456789") != "":
			if err := r.icmpName(r.next()); err != nil {
				return err
			}
		case r.proto == packet.ProtoTCP && flagsAre(w, &flags):
		case r.isICMP() && lower != "echo-request" && lower != "echo-reply" && r.icmpName(lower) == nil:
		default:
			r.out = append(r.out, lower)
			if takesValue[lower] && len(r.words) > 0 {
				r.out = append(r.out, r.next())
			}
		}
	}
	if len(flags) > 0 {
		r.out = append(r.out, strings.Join(flags, ","))
	}
	return nil
}

func flagsAre(w string, flags *[]string) bool {
	names, ok := flagsOf(strings.TrimSuffix(w, ","))
	if ok {
		*flags = append(*flags, names)
	}
	return ok
}

// takesValue are the modifiers of parser.ParsePacket that require a value.
var takesValue = map[string]bool{"seq": true, "ackno": true, "win": true, "tcpopt": true, "type": true, "code": true, "id": true, "ttl": true, "tos": true, "dscp": true,
	"ipid": true, "flowlabel": true, "frag": true, "payload": true, "len": true, "wire": true, "mark": true, "priority": true, "smac": true, "dmac": true, "uid": true, "gid": true}

func (r *rewriter) isICMP() bool {
	return r.proto == packet.ProtoICMP || r.proto == packet.ProtoICMPv6
}

// icmpName parses the name of a type of iptables.
func (r *rewriter) icmpName(name string) error {
	typ, code, err := icmpType(name, r.proto == packet.ProtoICMPv6)
	if err != nil {
		return err
	}
	r.out = append(r.out, "type", strconv.Itoa(int(typ)))
	if code != 0 {
		r.out = append(r.out, "code", strconv.Itoa(int(code)))
	}
	return nil
}

func icmpType(name string, v6 bool) (typ, code uint8, err error) {
	text, family := "-p icmp -m icmp --icmp-type "+name, netfilter.IPv4
	if v6 {
		text, family = "-p ipv6-icmp -m icmp6 --icmpv6-type "+name, netfilter.IPv6
	}
	rs, err := parser.ParseString("*filter\n-A INPUT "+text+"\nCOMMIT\n", parser.Family(family))
	if err != nil {
		return 0, 0, fmt.Errorf("%q is no type of ICMP that is known; iptables -p icmp -h lists them", name)
	}
	for _, m := range firstMatches(rs) {
		switch m := m.(type) {
		case *match.ICMP:
			return m.Type, m.MinCode, nil
		case *match.ICMP6:
			return m.Type, m.MinCode, nil
		}
	}
	return 0, 0, fmt.Errorf("%q is no type of ICMP", name)
}
