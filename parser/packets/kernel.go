package packets

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// LogLine is the information of a LOG or TRACE line besides the packet.
type LogLine struct {
	// Prefix is that of LOG, or "TRACE: table:CHAIN:rule:3 ".
	Prefix string
	// Table, Chain, Kind ("rule", "policy" or "return") and Number are of TRACE
	// lines; Table is "" for those of LOG.
	Table, Chain, Kind string
	Number             int
	Family             packet.Family
	In, Out            string
	PhysIn, PhysOut    string
	// Missing lists the parts of the packet that the line does not show, such as
	// the payload.
	Missing []string
}

// Place returns "table:CHAIN:rule:3"; "" for lines of LOG.
func (l *LogLine) Place() string {
	if l.Table == "" {
		return ""
	}
	return fmt.Sprintf("%s:%s:%s:%d", l.Table, l.Chain, l.Kind, l.Number)
}

var (
	kernelLine = regexp.MustCompile(`IN=\S* OUT=\S*(?: .*)? SRC=\S+ DST=\S+ `)
	tracePlace = regexp.MustCompile(`TRACE: (\w+):(\S+):(rule|policy|return):(\d+) $`)
	// stamp is the prefix that dmesg, journalctl and syslog add to the kernel's line.
	stamp = regexp.MustCompile(`^(?:<\d+>)?(?:[A-Z][a-z]{2} +\d+ [\d:.]+ \S+ |\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-][\d:]+)? \S+ )?(?:kernel: )?(?:\[ *\d+\.\d+\] )?`)
)

func isKernel(text string) bool { return kernelLine.MatchString(text) }

// ParseLog parses a line of the kernel log; ok is false if it is not a line of
// LOG or TRACE. With ErrNotShown only the packet is not known.
func ParseLog(line string) (p *Packet, ok bool, err error) {
	if !isKernel(line) {
		return nil, false, nil
	}
	p, err = parseKernel(line)
	return p, true, err
}

// parseKernel parses a line as nf_log_syslog writes it (net/netfilter/
// nf_log_syslog.c, nf_log_ip_packet, dump_ipv4_packet, dump_ipv6_packet).
func parseKernel(text string) (*Packet, error) {
	text = strings.TrimRight(stamp.ReplaceAllString(text, ""), " ")
	at := strings.Index(text, "IN=")
	l := &LogLine{Prefix: text[:at]}
	if m := tracePlace.FindStringSubmatch(l.Prefix); m != nil {
		l.Table, l.Chain, l.Kind = m[1], m[2], m[3]
		l.Number, _ = strconv.Atoi(m[4])
	}
	f := &fields{values: map[string]string{}}
	f.split(text[at:])
	l.In, l.Out = f.values["IN"], f.values["OUT"]
	l.PhysIn, l.PhysOut = f.values["PHYSIN"], f.values["PHYSOUT"]
	p := &Packet{Form: Kernel, Dev: l.In, Log: l}
	s, err := f.spec(l)
	if s.Src.Is6() {
		l.Family = packet.IPv6
	}
	if errors.Is(err, ErrNotShown) {
		return p, fmt.Errorf("line of the kernel log: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("line of the kernel log: %w", err)
	}
	if p.Packet, err = s.Build(); err == nil {
		p.Packet, err = f.withOptions(p.Packet)
	}
	if err != nil {
		return nil, fmt.Errorf("line of the kernel log: %w", err)
	}
	if err := f.meta(p); err != nil {
		return nil, fmt.Errorf("line of the kernel log: %w", err)
	}
	for _, m := range l.Missing {
		p.note("the log does not show %s", m)
	}
	return p, nil
}

// ErrNotShown reports that a line does not show enough of its packet: the
// packet is truncated, has extension headers, whose contents the kernel does
// not print, or has a protocol such as SCTP, whose ports it does not print.
var ErrNotShown = errors.New("the log does not show the whole header of the packet")

// fields holds the words of a line.
type fields struct {
	values map[string]string // values of words of the form NAME=VALUE
	flags  []string
	quoted string // the words of the packet that an ICMP error quotes
	err    error
}

// split splits the line into words. The text in brackets is the packet that an ICMP error
// quotes.
func (f *fields) split(line string) {
	if i := strings.Index(line, "[SRC="); i >= 0 {
		inner, rest, _ := strings.Cut(line[i+1:], "]")
		f.quoted = inner
		line = line[:i] + rest
	}
	first := true
	for part := range strings.SplitSeq(line, "OPT (") {
		if !first {
			opt, rest, _ := strings.Cut(part, ")")
			if f.values["PROTO"] == "" {
				f.values["IPOPT"] = opt
			} else {
				f.values["OPT"] = opt
			}
			part = rest
		}
		first = false
		f.words(part)
	}
}

func (f *fields) words(text string) {
	for w := range strings.FieldsSeq(text) {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			f.flags = append(f.flags, w)
			continue
		}
		if _, twice := f.values[key]; twice {
			key = "second " + key // ID of an echo request, LEN of UDP
		}
		f.values[key] = value
	}
}

func (f *fields) number(name string, bits int) uint64 {
	v, ok := f.values[name]
	if !ok || v == "" {
		return 0
	}
	n, err := strconv.ParseUint(v, 0, bits)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%s=%s: %w", name, v, err)
	}
	return n
}

func (f *fields) addr(name string) netip.Addr {
	a, err := netip.ParseAddr(f.values[name])
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%s=%s is no address", name, f.values[name])
	}
	return a
}

// spec returns the description of the packet. It adds the parts that the line does not
// show to the missing ones.
func (f *fields) spec(l *LogLine) (packet.Spec, error) {
	s := packet.Spec{Src: f.addr("SRC"), Dst: f.addr("DST"), Literal: true,
		SrcPort: uint16(f.number("SPT", 16)), DstPort: uint16(f.number("DPT", 16)),
		Seq: uint32(f.number("SEQ", 32)), Ack: uint32(f.number("ACK", 32)), Window: uint16(f.number("WINDOW", 16)),
		ICMPType: uint8(f.number("TYPE", 8)), ICMPCode: uint8(f.number("CODE", 8)),
		TTL: uint8(f.number("TTL", 8) + f.number("HOPLIMIT", 8)), FlowLabel: uint32(f.number("FLOWLBL", 20)),
		TOS: uint8(f.number("TOS", 8) | f.number("PREC", 8) | f.number("TC", 8)),
	}
	if s.Src.Is4() {
		s.ID = uint16(f.number("ID", 16))
		s.ICMPID = uint16(f.number("second ID", 16))
	} else {
		s.ICMPID = uint16(f.number("ID", 16))
	}
	s.ICMPSeq = uint16(s.Seq)
	name := f.values["PROTO"]
	var ok bool
	if s.Proto, ok = packet.ProtocolByName(strings.ToLower(name)); !ok {
		n, err := strconv.ParseUint(name, 10, 8)
		if err != nil {
			return s, fmt.Errorf("unknown protocol %q", name)
		}
		s.Proto = uint8(n)
	}
	if _, options := f.values["IPOPT"]; options && s.Src.Is6() {
		return s, ErrNotShown
	}
	if slices.Contains(f.flags, "INCOMPLETE") || slices.Contains(f.flags, "TRUNCATED") {
		return s, ErrNotShown
	}
	f.readFlags(&s)
	if _, shown := f.values["SPT"]; packet.HasPorts(s.Proto) && s.FragOffset == 0 && !shown {
		return s, ErrNotShown
	}
	if opt := f.values["OPT"]; opt != "" {
		b, err := hex.DecodeString(opt)
		if err != nil {
			return s, fmt.Errorf("OPT (%s): %w", opt, err)
		}
		s.TCPOptions = b
	}
	f.restOfICMP(&s)
	if f.quoted != "" {
		inner, err := quotedPacket(f.quoted)
		if err != nil {
			return s, err
		}
		s.Payload = inner
	}
	if f.err != nil {
		return s, f.err
	}
	return s, f.pad(&s, l)
}

// restOfICMP sets the four bytes after the checksum of an ICMP error.
func (f *fields) restOfICMP(s *packet.Spec) {
	switch {
	case f.values["MTU"] != "":
		n := uint32(f.number("MTU", 32))
		s.ICMPID, s.ICMPSeq = uint16(n>>16), uint16(n)
	case f.values["PARAMETER"] != "":
		s.ICMPID = uint16(f.number("PARAMETER", 8)) << 8
	case f.values["GATEWAY"] != "":
		if a := f.addr("GATEWAY"); a.Is4() {
			b := a.As4()
			s.ICMPID, s.ICMPSeq = uint16(b[0])<<8|uint16(b[1]), uint16(b[2])<<8|uint16(b[3])
		}
	}
}

// quotedPacket builds the packet that an ICMP error quotes from its words. The packet may
// be truncated.
func quotedPacket(text string) ([]byte, error) {
	f := &fields{values: map[string]string{}}
	f.split(text)
	var inner LogLine
	s, err := f.spec(&inner)
	if err != nil {
		return nil, fmt.Errorf("the packet in brackets: %w", err)
	}
	p, err := s.Build()
	if err != nil {
		return nil, fmt.Errorf("the packet in brackets: %w", err)
	}
	return p.Wire(), nil
}

var tcpFlagWords = map[string]packet.TCPFlags{"FIN": packet.FIN, "SYN": packet.SYN, "RST": packet.RST, "PSH": packet.PSH, "ACK": packet.ACK, "URG": packet.URG, "ECE": packet.ECE, "CWR": packet.CWR}

func (f *fields) readFlags(s *packet.Spec) {
	for _, w := range f.flags {
		s.Flags |= tcpFlagWords[w]
		switch {
		case w == "DF":
			s.DontFragment = true
		case w == "MF":
			s.MoreFragments = true
		case strings.HasPrefix(w, "FRAG:"):
			n, _ := strconv.ParseUint(w[len("FRAG:"):], 10, 16)
			s.FragOffset = uint16(n * 8)
		}
	}
}

// pad extends the packet with zeros to the length that the line shows.
func (f *fields) pad(s *packet.Spec, l *LogLine) error {
	p, err := s.Build()
	if err != nil {
		return err
	}
	length := int(f.number("LEN", 16)) - len(f.values["IPOPT"])/2
	if f.quoted != "" && length < p.Len() {
		s.Payload = s.Payload[:max(len(s.Payload)-(p.Len()-length), 0)]
	}
	if length <= p.Len() {
		return f.err
	}
	missing := length - p.Len()
	switch {
	case s.Proto == packet.ProtoTCP && s.Flags&packet.SYN != 0 && s.TCPOptions == nil && missing <= 40 && missing%4 == 0:
		// A SYN has no payload: the remaining bytes are options, which LOG shows
		// only with --log-tcp-options.
		s.TCPOptions = make([]byte, missing)
		for i := range s.TCPOptions {
			s.TCPOptions[i] = 1
		}
		l.Missing = append(l.Missing, "the TCP options (LOG --log-tcp-options does); no-operations stand for them")
		return f.err
	default:
		l.Missing = append(l.Missing, fmt.Sprintf("the payload; %d bytes of zeros stand for it", missing))
	}
	s.Payload = append(s.Payload, make([]byte, missing)...)
	return f.err
}

// withOptions adds the IP options of the line to the header.
func (f *fields) withOptions(p packet.Packet) (packet.Packet, error) {
	options, err := hex.DecodeString(f.values["IPOPT"])
	if err != nil || len(options)%4 != 0 || len(options) > 40 {
		return p, fmt.Errorf("OPT (%s) are no IP options", f.values["IPOPT"])
	}
	wire := p.Wire()
	if len(options) == 0 || !p.Src().Is4() {
		return p, nil
	}
	const header = 20
	whole := slices.Concat(wire[:header], options, wire[header:])
	whole[0] += byte(len(options) / 4)
	binary.BigEndian.PutUint16(whole[2:], uint16(len(whole)))
	whole[10], whole[11] = 0, 0
	binary.BigEndian.PutUint16(whole[10:], packet.Checksum(whole[:header+len(options)], 0))
	return packet.Decode(whole)
}

// meta sets the fields that are not part of the bytes.
func (f *fields) meta(p *Packet) error {
	p.Packet.Mark = uint32(f.number("MARK", 32))
	if mac := f.values["MAC"]; mac != "" {
		b, err := hex.DecodeString(strings.ReplaceAll(mac, ":", ""))
		if err == nil && len(b) >= 14 {
			copy(p.Packet.DstMAC[:], b[:6])
			copy(p.Packet.SrcMAC[:], b[6:12])
		}
	}
	if uid, ok := f.values["UID"]; ok && p.Dev == "" {
		p.Packet.Socket = &packet.Socket{UID: uint32(f.number("UID", 32)), GID: uint32(f.number("GID", 32))}
		_ = uid
	}
	return f.err
}
