package kernel

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// tap is an interface of the node, seen from the wire.
type tap struct {
	name       string
	node, wire []byte // hardware addresses
	file       fd
}

// parseMAC reads six bytes in hexadecimal, joined by colons.
func parseMAC(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil || len(b) != 6 {
		return nil, fmt.Errorf("hardware address %q is not six bytes like 02:00:00:00:00:01", s)
	}
	return b, nil
}

const etherIPv4, etherIPv6 = "\x08\x00", "\x86\xdd"

// inject lets a packet arrive.
func (t tap) inject(p Packet, v6 bool) error {
	dst, src, kind := t.node, t.wire, etherIPv4
	if p.DstMAC != nil {
		dst = p.DstMAC
	}
	if p.SrcMAC != nil {
		src = p.SrcMAC
	}
	if v6 {
		kind = etherIPv6
	}
	frame := slices.Concat(dst, src, []byte(kind), p.Wire)
	if _, err := t.file.write(frame); err != nil {
		return fmt.Errorf("write to %s: %w", t.name, err)
	}
	return nil
}

// capture appends what left through the interface since the last time.
func (t tap) capture(outs []Out, buf []byte) ([]Out, error) {
	for {
		n, err := t.file.read(buf)
		if errors.Is(err, errAgain) {
			return outs, nil
		}
		if err != nil {
			return outs, fmt.Errorf("read from %s: %w", t.name, err)
		}
		const header = 14 // Ethernet
		if n <= header {
			continue
		}
		kind, wire := string(buf[12:header]), buf[header:n]
		if (kind == etherIPv4 || kind == etherIPv6) && !Noise(wire) {
			outs = append(outs, Out{t.name, slices.Clone(wire)})
		}
	}
}
