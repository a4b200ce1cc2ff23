// Package record writes what the kernel answers as text, and reads it back.
//
// An answer is a list of lines:
//
//	TRACE: raw:PREROUTING:policy:2 IN=eth0 …   a line of the log about the packet
//	log prefix IN=eth0 …                       one by a LOG rule
//	left eth0: udp 10.0.0.1:5 > 10.0.0.2:6     what left by a link, as parser.FormatPacket writes it
//	told Operation not permitted               what the sender was told
//	answer TRACE: raw:OUTPUT:policy:2 …        the log about what the host sent of its own accord
//	answer log prefix …
//
// The blank at the end of lines of the log is left out.
package record

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

const (
	trace = "TRACE: "
	log   = "log "
	left  = "left "
	told  = "told "
	other = "answer "
)

// Format writes an answer as indented lines.
func Format(a kernel.Answer) (string, error) {
	var b strings.Builder
	write := func(word string, lines []string) {
		for _, l := range lines {
			b.WriteString("\t" + word + strings.TrimRight(l, " ") + "\n")
		}
	}
	write(trace, a.Trace)
	write(log, a.Log)
	for _, o := range a.Out {
		text, err := packetText(o)
		if err != nil {
			return "", err
		}
		write(left, []string{text})
	}
	if a.Err != "" {
		write(told, []string{a.Err})
	}
	write(other+trace, a.OtherTrace)
	write(other+log, a.OtherLog)
	return b.String(), nil
}

// packetText writes a packet in the language of packets; in bytes where that
// cannot say all of it.
func packetText(o kernel.Out) (string, error) {
	p, err := packet.Decode(o.Wire)
	if err != nil {
		return "", fmt.Errorf("what left by %s: %w", o.Iface, err)
	}
	text := parser.FormatPacket(o.Iface, p)
	if _, again, err := parser.ParsePacket(text); err == nil && bytes.Equal(again.Wire(), o.Wire) {
		return text, nil
	}
	return o.Iface + ": wire " + hex.EncodeToString(o.Wire), nil
}

// Parse reads an answer.
func Parse(text string) (kernel.Answer, error) {
	var a kernel.Answer
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if err := read(&a, line); err != nil {
			return a, fmt.Errorf("%q: %w", line, err)
		}
	}
	return a, nil
}

func read(a *kernel.Answer, line string) error {
	for _, w := range []struct {
		word string
		to   *[]string
	}{{trace, &a.Trace}, {log, &a.Log}, {other + trace, &a.OtherTrace}, {other + log, &a.OtherLog}} {
		if rest, ok := strings.CutPrefix(line, w.word); ok {
			*w.to = append(*w.to, rest+" ")
			return nil
		}
	}
	if rest, ok := strings.CutPrefix(line, told); ok {
		a.Err = rest
		return nil
	}
	rest, ok := strings.CutPrefix(line, left)
	if !ok {
		return fmt.Errorf("a line begins with %q, %q, %q, %q or %q", trace, log, left, told, other)
	}
	dev, p, err := parser.ParsePacket(rest)
	a.Out = append(a.Out, kernel.Out{Iface: dev, Wire: p.Wire()})
	return err
}
