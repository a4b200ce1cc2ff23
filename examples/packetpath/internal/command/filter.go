package command

import (
	"fmt"

	"github.com/packetcap/go-pcap/filter"
	"golang.org/x/net/bpf"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser/packets"
)

// snapLen is the maximum number of bytes of a frame to which a filter is applied.
const snapLen = 1 << 18

// compileFilter compiles an expression of tcpdump; "" accepts all packets.
func compileFilter(expression string) (func(*packets.Packet) bool, error) {
	if expression == "" {
		return func(*packets.Packet) bool { return true }, nil
	}
	f := filter.NewExpression(expression).Compile()
	if f == nil {
		return nil, fmt.Errorf("-filter %q is not understood; write it as for tcpdump: \"tcp and dst port 80\"", expression)
	}
	code, err := f.Compile()
	if err != nil {
		return nil, fmt.Errorf("-filter %q: %w", expression, err)
	}
	vm, err := bpf.NewVM(code)
	if err != nil {
		return nil, fmt.Errorf("-filter %q: %w", expression, err)
	}
	return func(p *packets.Packet) bool {
		n, err := vm.Run(ethernet(p))
		return err == nil && n > 0
	}, nil
}

// ethernet returns a packet in an Ethernet frame, to which filters are applied.
func ethernet(p *packets.Packet) []byte {
	frame := append(append([]byte{}, p.Packet.DstMAC[:]...), p.Packet.SrcMAC[:]...)
	if p.Packet.Family() == netfilter.IPv6 {
		frame = append(frame, 0x86, 0xdd)
	} else {
		frame = append(frame, 0x08, 0x00)
	}
	frame = append(frame, p.Packet.Wire()...)
	return frame[:min(len(frame), snapLen)]
}
