package match

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/bpf"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/cbpf"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// BPF runs a program of classic BPF over the packet from its IP header on and
// matches if the result is not 0 (net/netfilter/xt_bpf.c, bpf_mt, bpf_mt_v1).
// The zero value is invalid.
type BPF struct {
	Code []BPFInstruction // at most 64
	// Pinned is the path of a program in the BPF file system, "" for none. Such a
	// program cannot be run; Match fails the packet.
	Pinned string
}

// BPFInstruction is one instruction (include/uapi/linux/filter.h, struct
// sock_filter).
type BPFInstruction = bpf.RawInstruction

// The limits of a program and a path (XT_BPF_MAX_NUM_INSTR, XT_BPF_PATH_MAX).
const (
	maxBPFCode = 64
	maxBPFPath = 511
)

var bpfDefinition = netfilter.Definition{
	Name:     "bpf",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &BPF{} },
	Options: []netfilter.OptionDef{
		{Name: "bytecode", Args: 1, Set: netfilter.Into((*BPF).setCode)},
		opt.Text("object-pinned", maxBPFPath, func(m *BPF) *string { return &m.Pinned }),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, "bytecode", "object-pinned")
	},
}

// setCode reads "count,code jt jf k,..." in decimal numbers as sscanf does
// (libxtables, xtables_bpf_parse).
func (m *BPF) setCode(v *netfilter.Value) error {
	count, rest, ok := strings.Cut(v.Arg(), ",")
	n, left, number := opt.ScanDecimal(count)
	if !ok || !number || left != "" {
		return errors.New("a program begins with the number of its instructions and a comma")
	}
	if uint16(n) == 0 {
		return errors.New("a program without instructions is not possible")
	}
	if uint16(n) > maxBPFCode {
		return fmt.Errorf("%d instructions: at most %d fit", uint16(n), maxBPFCode)
	}
	for more := rest != ""; more; more = rest != "" {
		var text string
		text, rest, _ = strings.Cut(rest, ",")
		if len(m.Code) == int(uint16(n)) {
			return fmt.Errorf("more than the %d instructions it says", uint16(n))
		}
		in, ok := bpfInstruction(text)
		if !ok {
			return fmt.Errorf("instruction %d, %q: need four decimal numbers", len(m.Code), text)
		}
		m.Code = append(m.Code, in)
	}
	if len(m.Code) < int(uint16(n)) {
		return fmt.Errorf("only %d of the %d instructions it says", len(m.Code), uint16(n))
	}
	return nil
}

// bpfInstruction reads "code jt jf k"; numbers that are too large are
// truncated, and trailing text is ignored.
func bpfInstruction(s string) (in BPFInstruction, ok bool) {
	var n [4]uint32
	for i := range n {
		if n[i], s, ok = opt.ScanDecimal(s); !ok {
			return in, false
		}
	}
	return BPFInstruction{Op: uint16(n[0]), Jt: uint8(n[1]), Jf: uint8(n[2]), K: n[3]}, true
}

// Definition returns the extension's definition.
func (m *BPF) Definition() *netfilter.Definition { return &bpfDefinition }

// Name returns "bpf".
func (m *BPF) Name() string { return "bpf" }

// AppendOptions appends "--bytecode "program"" or "--object-pinned path".
func (m *BPF) AppendOptions(b []byte) []byte {
	if m.Pinned != "" {
		return append(append(opt.AppendOption(b, "object-pinned", false), ' '), m.Pinned...)
	}
	b = append(opt.AppendOption(b, "bytecode", false), ` "`...)
	b = strconv.AppendInt(b, int64(len(m.Code)), 10)
	for _, in := range m.Code {
		b = strconv.AppendUint(append(b, ','), uint64(in.Op), 10)
		b = strconv.AppendUint(append(b, ' '), uint64(in.Jt), 10)
		b = strconv.AppendUint(append(b, ' '), uint64(in.Jf), 10)
		b = strconv.AppendUint(append(b, ' '), uint64(in.K), 10)
	}
	return append(b, '"')
}

// Check refuses programs that the kernel refuses (bpf_mt_check).
func (m *BPF) Check(netfilter.CheckContext) error {
	if m.Pinned != "" {
		return nil
	}
	return cbpf.Check(m.Code)
}

var errPinned = errors.New("a program in the BPF file system cannot be run here")

// Match runs the program. It fails the packet with an error if the program is
// not known or loads unknown ancillary data.
func (m *BPF) Match(c *netfilter.Context) bool {
	if m.Pinned != "" {
		c.Engine.Fail(errPinned)
		return false
	}
	holds, err := cbpf.Run(m.Code, c.Packet.Wire(), bpfAncillary{c})
	if err != nil {
		c.Engine.Fail(err)
		return false
	}
	return holds
}

// bpfAncillary provides the ancillary data of the packet that a program may load.
type bpfAncillary struct{ c *netfilter.Context }

// Load implements cbpf.Ancillary.
func (f bpfAncillary) Load(number uint32) (uint32, bool) {
	switch number {
	case cbpf.ADProtocol:
		return uint32(f.c.Family.EtherType()), true
	case cbpf.ADPktType:
		return uint32(f.c.Engine.PacketType()), true
	case cbpf.ADMark:
		return f.c.Packet.Mark, true
	case cbpf.ADCPU:
		return f.c.Packet.CPU, true
	case cbpf.ADVLAN, cbpf.ADVLANHere, cbpf.ADVLANType:
		return 0, true
	case cbpf.ADPayload:
		return f.payload()
	}
	return 0, false
}

// LinkHeader returns the link layer header.
func (f bpfAncillary) LinkHeader() ([]byte, bool) { return f.c.Engine.LinkHeader() }

// payload returns the offset of what follows the transport header
// (net/core/flow_dissector.c, __skb_get_poff). It is not known after IPv6
// extension headers and in tunnels, which the kernel dissects.
func (f bpfAncillary) payload() (uint32, bool) {
	const ipip, ipv6, mpls = 4, 41, 137
	t := f.c.Packet.Transport()
	if f.c.Family == netfilter.IPv6 && (!t.Found || t.Offset != f.c.Packet.HeaderLen()) {
		return 0, false
	}
	at := uint32(t.Offset)
	if t.FragOff != 0 {
		return at, true
	}
	switch t.Proto {
	case packet.ProtoTCP:
		h, ok := f.c.Bytes(t.Offset+12, 1)
		if !ok {
			return at, true
		}
		return at + max(20, uint32(h[0]>>4)*4), true
	case packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoICMP, packet.ProtoICMPv6, packet.ProtoIGMP:
		return at + 8, true
	case packet.ProtoDCCP, packet.ProtoSCTP:
		return at + 12, true
	case packet.ProtoGRE, ipip, ipv6, mpls:
		return 0, false
	}
	return at, true
}
