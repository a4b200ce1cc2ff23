// Package record reads and writes answers of the kernel as text.
//
// An answer is a list of lines:
//
//	TRACE: raw:PREROUTING:policy:2 IN=eth0 …   a line of TRACE about the packet
//	log prefix IN=eth0 …                       a line of a LOG rule
//	left eth0: udp 10.0.0.1:5 > 10.0.0.2:6     a packet that was transmitted, as parser.FormatPacket writes it
//	told Operation not permitted               the error of the sender
//	answer TRACE: raw:OUTPUT:policy:2 …        a line about a packet that the host sent in response
//	answer log prefix …
//
// The space at the end of lines of the log is omitted.
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

// Format returns the lines of an answer.
func Format(a kernel.Answer) ([]string, error) {
	var out []string
	write := func(word string, lines []string) {
		for _, l := range lines {
			out = append(out, word+l)
		}
	}
	logged := func(word string, lines []string) {
		for _, l := range lines {
			write(word, []string{formatLog(l)})
		}
	}
	logged(trace, a.Trace)
	logged(log, a.Log)
	for _, o := range a.Out {
		text, err := packetText(o)
		if err != nil {
			return nil, err
		}
		write(left, []string{text})
	}
	if a.Err != "" {
		write(told, []string{a.Err})
	}
	logged(other+trace, a.OtherTrace)
	logged(other+log, a.OtherLog)
	return out, nil
}

// end marks the end of a line of the log that does not end in a blank, as all
// others do, whose blank is left out.
const end = "$"

func formatLog(l string) string {
	if text, ok := strings.CutSuffix(l, " "); ok {
		return strings.TrimRight(text, " ")
	}
	return l + end
}

func parseLog(l string) string {
	if text, ok := strings.CutSuffix(l, end); ok {
		return text
	}
	return l + " "
}

// packetText returns the text of a transmitted packet, with its bytes if the language of
// packets cannot express all of it.
func packetText(o kernel.Out) (string, error) {
	p, err := packet.Decode(o.Wire)
	if err != nil {
		return "", fmt.Errorf("packet transmitted on %s: %w", o.Iface, err)
	}
	text := parser.FormatPacket(o.Iface, p)
	if _, again, err := parser.ParsePacket(text); err == nil && bytes.Equal(again.Wire(), o.Wire) {
		return text, nil
	}
	return o.Iface + ": wire " + hex.EncodeToString(o.Wire), nil
}

// Parse parses the lines of an answer.
func Parse(lines []string) (kernel.Answer, error) {
	var a kernel.Answer
	for _, line := range lines {
		if err := parse(&a, line); err != nil {
			return a, fmt.Errorf("%q: %w", line, err)
		}
	}
	return a, nil
}

// parse adds a line to an answer.
func parse(a *kernel.Answer, line string) error {
	for _, w := range []struct {
		word string
		to   *[]string
	}{{trace, &a.Trace}, {log, &a.Log}, {other + trace, &a.OtherTrace}, {other + log, &a.OtherLog}} {
		if rest, ok := strings.CutPrefix(line, w.word); ok {
			*w.to = append(*w.to, parseLog(rest))
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
