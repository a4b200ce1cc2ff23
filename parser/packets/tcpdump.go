package packets

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

var (
	// tcpdumpLine is a line of "tcpdump -n": the time, with -i any also link and
	// direction, the addresses with ports, and the description of the packet.
	tcpdumpLine = regexp.MustCompile(`^(?:\d{4}-\d\d-\d\d )?(?:\d\d:\d\d:\d\d\.\d+ |\d+\.\d+ )?(?:(\S+) +(In|Out|B|M|P) +)?(IP6?) (?:\(([^)]*(?:\([^)]*\))?[^)]*)\)\s+)?(\S+) > (\S+): (.*)$`)
	flagsPart   = regexp.MustCompile(`^Flags \[([^\]]*)\]`)
	seqPart     = regexp.MustCompile(`\bseq (\d+)`)
	ackPart     = regexp.MustCompile(`\back (\d+)`)
	winPart     = regexp.MustCompile(`\bwin (\d+)`)
	lengthPart  = regexp.MustCompile(`\blength (\d+)`)
	echoPart    = regexp.MustCompile(`^ICMP6?,? echo (request|reply)(?:, id (\d+))?(?:, seq (\d+))?`)
	ttlPart     = regexp.MustCompile(`\bttl (\d+)`)
	tosPart     = regexp.MustCompile(`\btos (0x[0-9a-f]+)`)
	hlimPart    = regexp.MustCompile(`\bhlim (\d+)`)
)

func isTcpdump(text string) bool { return tcpdumpLine.MatchString(text) }

// parseTcpdump parses a line of tcpdump -n.
func parseTcpdump(text string) (*Packet, error) {
	m := tcpdumpLine.FindStringSubmatch(text)
	p := &Packet{Form: Tcpdump}
	if m[2] != "Out" {
		p.Dev = m[1]
	}
	s := packet.Spec{TTL: 64, Literal: true}
	if err := ipPart(&s, m[4]); err != nil {
		return nil, err
	}
	what := m[7]
	ports := !strings.HasPrefix(what, "ICMP")
	if strings.HasPrefix(what, "IP-") || strings.HasPrefix(what, "GRE") || strings.HasPrefix(what, "ESP") || strings.HasPrefix(what, "ip-proto-") {
		return nil, fmt.Errorf("tcpdump shows %q, of which one line does not say enough; give the capture itself with -pcap", strings.SplitN(what, ",", 2)[0])
	}
	var err error
	if s.Src, s.SrcPort, err = tcpdumpEnd(m[5], ports); err != nil {
		return nil, err
	}
	if s.Dst, s.DstPort, err = tcpdumpEnd(m[6], ports); err != nil {
		return nil, err
	}
	switch {
	case flagsPart.MatchString(what):
		err = tcpPart(&s, what)
	case strings.HasPrefix(what, "ICMP"):
		err = icmpPart(&s, what)
	default:
		s.Proto = packet.ProtoUDP
		if n := find(lengthPart, what); n > 0 {
			s.Payload = make([]byte, n)
		}
	}
	if err != nil {
		return nil, err
	}
	if m[4] == "" {
		p.note("the line does not show the time to live (tcpdump -v does); 64 is taken")
	}
	if len(s.Payload) > 0 {
		p.note("the line does not show the payload; %d bytes of zeros stand for it", len(s.Payload))
	}
	p.LinkUnknown = m[2] == ""
	p.Packet, err = s.Build()
	return p, err
}

// ipPart parses the fields of the IP header that -v prints.
func ipPart(s *packet.Spec, text string) error {
	if n := find(ttlPart, text) + find(hlimPart, text); n > 0 && n < 256 {
		s.TTL = uint8(n)
	}
	if m := tosPart.FindStringSubmatch(text); m != nil {
		n, err := strconv.ParseUint(m[1], 0, 8)
		if err != nil {
			return fmt.Errorf("tos %s: %w", m[1], err)
		}
		s.TOS = uint8(n)
	}
	s.DontFragment = strings.Contains(text, "flags [DF]")
	return nil
}

// tcpdumpEnd parses "10.0.0.1.443", "10.0.0.1.https" or "2001:db8::1.443".
func tcpdumpEnd(text string, port bool) (netip.Addr, uint16, error) {
	if !port {
		a, err := netip.ParseAddr(text)
		return a, 0, nameError(err, text)
	}
	i := strings.LastIndexByte(text, '.')
	if i < 0 {
		return netip.Addr{}, 0, fmt.Errorf("%q has no port", text)
	}
	a, err := netip.ParseAddr(text[:i])
	if err != nil {
		if whole, whole4 := netip.ParseAddr(text); whole4 == nil {
			return whole, 0, fmt.Errorf("the line shows no port of %s: it is of a fragment or of a protocol without ports", text)
		}
		return a, 0, nameError(err, text)
	}
	n, err := strconv.ParseUint(text[i+1:], 10, 16)
	if err != nil {
		n16, err := service(text[i+1:], packet.ProtoTCP)
		if err != nil {
			return a, 0, fmt.Errorf("port %q is a name: run tcpdump with -nn", text[i+1:])
		}
		return a, n16, nil
	}
	return a, uint16(n), nil
}

func nameError(err error, text string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%q is no address: run tcpdump with -n", text)
}

func find(re *regexp.Regexp, text string) int {
	m := re.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

func tcpPart(s *packet.Spec, what string) error {
	s.Proto = packet.ProtoTCP
	for _, c := range flagsPart.FindStringSubmatch(what)[1] {
		name := tcpdumpFlags[c]
		f, ok := packet.TCPFlagByName(name)
		if !ok {
			if c == 'n' { // "none"
				break
			}
			return fmt.Errorf("unknown flag %q", c)
		}
		s.Flags |= f
	}
	s.Seq, s.Ack, s.Window = uint32(find(seqPart, what)), uint32(find(ackPart, what)), uint16(find(winPart, what))
	if n := find(lengthPart, what); n > 0 {
		s.Payload = make([]byte, n)
	}
	return nil
}

func icmpPart(s *packet.Spec, what string) error {
	s.Proto = packet.ProtoICMP
	v6 := strings.HasPrefix(what, "ICMP6")
	if v6 {
		s.Proto = packet.ProtoICMPv6
	}
	m := echoPart.FindStringSubmatch(what)
	if m == nil {
		return fmt.Errorf("%q quotes a packet that the line does not show; give the capture itself with -pcap", strings.SplitN(what, ",", 3)[:1])
	}
	s.ICMPType = map[bool]map[string]uint8{false: {"request": 8, "reply": 0}, true: {"request": 128, "reply": 129}}[v6][m[1]]
	id, _ := strconv.Atoi(m[2])
	seq, _ := strconv.Atoi(m[3])
	s.ICMPID, s.ICMPSeq = uint16(id), uint16(seq)
	if n := find(lengthPart, what) - 8; n > 0 {
		s.Payload = make([]byte, n)
	}
	return nil
}
