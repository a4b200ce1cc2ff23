package syntax

import (
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

func printProto(p *Printer, n Num) (string, bool) {
	if p.NumericProtocols || n.Hi != 0 || n.Lo > 255 {
		return "", false
	}
	return packet.ProtocolName(uint8(n.Lo)), true
}

func parseProto(s string) (Num, bool) {
	if s == "all" {
		return Num{}, false
	}
	n, ok := packet.ProtocolByName(s)
	return N(uint64(n)), ok
}

func parseService(s string) (Num, bool) {
	port, ok := opt.ServicePort(s)
	return N(uint64(port)), ok
}

func parseUser(s string) (Num, bool) {
	id, ok := opt.UserID(s)
	return N(uint64(id)), ok
}

func parseGroup(s string) (Num, bool) {
	id, ok := opt.GroupID(s)
	return N(uint64(id)), ok
}

func printIfIndex(p *Printer, n Num) (string, bool) {
	if p.Link != nil {
		if name := p.Link(uint32(n.Lo)); name != "" {
			return `"` + name + `"`, true
		}
	}
	return "", false
}

// Handles of traffic classes: major and minor number.
func printClassID(_ *Printer, n Num) (string, bool) {
	switch n.Lo {
	case 0xffffffff:
		return "root", true
	case 0:
		return "none", true
	}
	return strconv.FormatUint(n.Lo>>16, 16) + ":" + strconv.FormatUint(n.Lo&0xffff, 16), true
}

func parseClassID(s string) (Num, bool) {
	switch s {
	case "root":
		return N(0xffffffff), true
	case "none":
		return N(0), true
	}
	major, minor, ok := strings.Cut(s, ":")
	if !ok {
		return Num{}, false
	}
	var hi, lo uint64
	var err error
	if major != "" {
		if hi, err = strconv.ParseUint(major, 16, 16); err != nil {
			return Num{}, false
		}
	}
	if minor != "" {
		if lo, err = strconv.ParseUint(minor, 16, 16); err != nil {
			return Num{}, false
		}
	}
	return N(hi<<16 | lo), true
}

// Control groups of version 2 are known by the inode number of their
// directory: paths can't be resolved without the host.
func printCgroup(_ *Printer, n Num) (string, bool) { return strconv.Quote(n.String()), true }
func parseCgroup(s string) (Num, bool)             { return ParseNum(s) }

// Labels are numbers of bits.
func parseLabel(s string) (Num, bool) {
	n, ok := ParseNum(s)
	if !ok || n.Cmp(N(128)) >= 0 {
		return Num{}, false
	}
	return N(1).Shl(int(n.Lo)), true
}
