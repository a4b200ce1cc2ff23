package scenario

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
)

// Packet is a packet and how it comes to the host.
type Packet struct {
	In             string // "": a local process sends it
	SrcMAC, DstMAC packet.MAC
	netfilter.Packet
}

// shown is what texts of packets show.
var shown = netfilter.LogConfig{TCPSequence: true, TCPOptions: true, IPOptions: true}

// Text returns the packet as the log writes it where it leaves by a link.
// Its mark is not shown.
func Text(p netfilter.Packet, out string) string {
	p.Mark = 0
	return strings.TrimRight(string(nflog.Append(nil, shown, &p, &nflog.Meta{Out: out})), " ")
}

// AnswerText is Text without the identification, which hosts draw at random.
func AnswerText(p netfilter.Packet, out string) string {
	return strings.Replace(Text(p, out), fmt.Sprintf(" ID=%d ", p.ID()), " ", 1)
}

// ParsePacket reads a packet from a line of the log. It takes TCP, UDP and
// ICMP with or without options of TCP; the error tells of lines that say more
// than it understands.
func ParsePacket(line string) (Packet, error) {
	f := fields{values: map[string]string{}}
	f.split(line)
	s, err := f.spec()
	if err != nil {
		return Packet{}, fmt.Errorf("packet: %w", err)
	}
	p := Packet{In: f.values["IN"]}
	if p.Packet, err = s.Build(); err != nil {
		return Packet{}, fmt.Errorf("packet: %w", err)
	}
	m := nflog.Meta{In: p.In}
	if mac := f.values["MAC"]; mac != "" {
		b, err := hex.DecodeString(strings.ReplaceAll(mac, ":", ""))
		if err != nil || len(b) != 14 {
			return Packet{}, fmt.Errorf("packet: MAC=%s is not an Ethernet header", mac)
		}
		p.DstMAC, p.SrcMAC = packet.MAC(b[:6]), packet.MAC(b[6:12])
		m.Link, m.DstMAC, m.SrcMAC = nflog.Ethernet, p.DstMAC, p.SrcMAC
	}
	again := string(nflog.Append(nil, shown, &p.Packet, &m))
	if strings.TrimRight(again, " ") != line {
		return Packet{}, fmt.Errorf("packet: the log would write\n%s\nnot\n%s", again, line)
	}
	return p, nil
}

// fields are the words of a line.
type fields struct {
	values map[string]string // of words with an equals sign
	flags  []string          // words without
	first  error
}

// split takes the line apart. Options are one field.
func (f *fields) split(line string) {
	line = strings.Replace(line, "OPT (", "OPT=", 1)
	for _, w := range strings.Fields(line) {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			f.flags = append(f.flags, w)
			continue
		}
		if _, twice := f.values[key]; twice {
			key = "SECOND " + key // echo requests have another ID
		}
		f.values[key] = strings.TrimSuffix(value, ")")
	}
}

// number reads a field; 0 where it is missing.
func (f *fields) number(name string, bits int) uint64 {
	v, ok := f.values[name]
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(v, 0, bits)
	if err != nil && f.first == nil {
		f.first = fmt.Errorf("%s=%s: %w", name, v, err)
	}
	return n
}

func (f *fields) addr(name string) netip.Addr {
	a, err := netip.ParseAddr(f.values[name])
	if err != nil && f.first == nil {
		f.first = fmt.Errorf("%s: %w", name, err)
	}
	return a
}

var protocols = map[string]uint8{
	"TCP": packet.ProtoTCP, "UDP": packet.ProtoUDP, "ICMP": packet.ProtoICMP, "ICMPv6": packet.ProtoICMPv6,
}

var tcpFlags = map[string]packet.TCPFlags{
	"FIN": packet.FIN, "SYN": packet.SYN, "RST": packet.RST, "PSH": packet.PSH, "ACK": packet.ACK, "URG": packet.URG,
}

func (f *fields) spec() (packet.Spec, error) {
	s := packet.Spec{
		Src: f.addr("SRC"), Dst: f.addr("DST"), Proto: protocols[f.values["PROTO"]],
		SrcPort: uint16(f.number("SPT", 16)), DstPort: uint16(f.number("DPT", 16)),
		Seq: uint32(f.number("SEQ", 32)), Ack: uint32(f.number("ACK", 32)), Window: uint16(f.number("WINDOW", 16)),
		ICMPType: uint8(f.number("TYPE", 8)), ICMPCode: uint8(f.number("CODE", 8)),
		ICMPID: uint16(f.number("SECOND ID", 16)), ICMPSeq: uint16(f.number("SEQ", 32)),
		TTL: uint8(f.number("TTL", 8) + f.number("HOPLIMIT", 8)), ID: uint16(f.number("ID", 16)),
		TOS:       uint8(f.number("TOS", 8) | f.number("PREC", 8) | f.number("TC", 8)),
		FlowLabel: uint32(f.number("FLOWLBL", 20)),
	}
	for _, w := range f.flags {
		s.Flags |= tcpFlags[w]
		s.DontFragment = s.DontFragment || w == "DF"
	}
	opts, err := hex.DecodeString(f.values["OPT"])
	if err != nil && f.first == nil {
		f.first = fmt.Errorf("options: %w", err)
	}
	s.TCPOptions = opts
	if f.first != nil {
		return s, f.first
	}
	if _, known := protocols[f.values["PROTO"]]; !known {
		return s, fmt.Errorf("unknown protocol %q", f.values["PROTO"])
	}
	p, err := s.Build()
	if length := int(f.number("LEN", 16)); err == nil && length > p.Len() {
		s.Payload = make([]byte, length-p.Len())
	}
	return s, err
}
