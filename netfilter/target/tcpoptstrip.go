package target

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TCPOptStrip overwrites TCP options with NOPs (net/netfilter/xt_TCPOPTSTRIP.c,
// tcpoptstrip_mangle_packet). The zero value overwrites none.
type TCPOptStrip struct {
	// Strip has a bit for each option: bit n%64 of word n/64 is option n, from
	// 2 to 255.
	Strip [4]uint64
}

// tcpOptionNames are the options that have names, by number.
var tcpOptionNames = map[string]uint8{"wscale": 3, "mss": 2, "sack-permitted": 4, "sack": 5, "timestamp": 8, "md5": 19}

var tcpoptstripDefinition = netfilter.Definition{
	Name:      "TCPOPTSTRIP",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &TCPOptStrip{} },
	Tables:    []string{"mangle"},
	Protocols: []uint8{packet.ProtoTCP},
	Options: []netfilter.OptionDef{
		{Name: "strip-options", Args: 1, Set: netfilter.Into((*TCPOptStrip).setOptions)},
	},
}

func (t *TCPOptStrip) setOptions(v *netfilter.Value) error {
	for word := range strings.SplitSeq(v.Arg(), ",") {
		n, named := tcpOptionNames[word]
		if !named {
			number, err := opt.Uint(word, 0, 255)
			if err != nil {
				return fmt.Errorf("bad TCP option: %w", err)
			}
			n = uint8(number)
		}
		switch {
		case n < 2:
			return errors.New("TCP options 0 and 1 cannot be overwritten")
		case t.strips(n):
			return fmt.Errorf("TCP option %q is given twice", word)
		}
		t.Strip[n/64] |= 1 << (n % 64)
	}
	return nil
}

func (t *TCPOptStrip) strips(n uint8) bool { return t.Strip[n/64]>>(n%64)&1 != 0 }

// Definition returns the extension's definition.
func (t *TCPOptStrip) Definition() *netfilter.Definition { return &tcpoptstripDefinition }

// Name returns "TCPOPTSTRIP".
func (t *TCPOptStrip) Name() string { return "TCPOPTSTRIP" }

// AppendOptions appends "--strip-options numbers", unless there are none.
func (t *TCPOptStrip) AppendOptions(b []byte) []byte {
	word := " --strip-options "
	for n := range 256 {
		if t.strips(uint8(n)) {
			b = strconv.AppendInt(append(b, word...), int64(n), 10)
			word = ","
		}
	}
	return b
}

// Apply overwrites the options. A packet too short for its header is dropped.
func (t *TCPOptStrip) Apply(c *netfilter.Context) netfilter.Verdict {
	if c.Transport.FragOff != 0 {
		return netfilter.Continue
	}
	h, ok := opt.TCPHeader(c)
	if !ok {
		return netfilter.Drop
	}
	c.Engine.MakeWritable(c.Transport.Offset + len(h))
	options := h.Options()
	for o := range packet.Options(options) {
		if o.Len > len(o.Bytes) || o.Offset == len(options)-1 {
			break
		}
		if t.strips(o.Kind) {
			c.Edit().SetTCP(c.Transport.Offset, packet.TCPHeaderLen+o.Offset, bytes.Repeat([]byte{packet.OptionNOP}, len(o.Bytes)))
		}
	}
	return netfilter.Continue
}
