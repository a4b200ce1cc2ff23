package transcript

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Segment is the part of a text that is the output of one command, one section
// of a bundle, or a fenced code block.
type Segment struct {
	// Command is the command line at the prompt before the text; "" if there is
	// none.
	Command string
	// Section is the name of the section; "" for texts without sections.
	Section string
	// Text contains the lines of the segment. All lines before it are empty, so
	// that line numbers are those of the file.
	Text string
}

// Note describes what was removed.
type Note struct {
	Line int    // the first line it stood on; 0 for the whole text
	Text string // in words
}

// MaxSize is the maximum length of a decompressed text in bytes.
const MaxSize = 1 << 30

// Clean returns the segments of a text. The name is used in error messages.
func Clean(name string, data []byte) ([]Segment, []Note, error) {
	c := &cleaner{}
	data, err := c.decompress(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	text, err := c.decode(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	lines := strings.Split(text, "\n")
	c.endings(lines)
	c.colours(lines)
	segments := c.sections(lines)
	return segments, c.notes, nil
}

// cleaner collects the notes of one text.
type cleaner struct {
	notes []Note
}

func (c *cleaner) note(line int, format string, args ...any) {
	c.notes = append(c.notes, Note{line, fmt.Sprintf(format, args...)})
}

func (c *cleaner) decompress(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("the text is compressed, but not whole: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("the text is compressed, but not whole: %w", err)
	}
	if len(plain) > MaxSize {
		return nil, fmt.Errorf("the text is compressed and has more than %d bytes", MaxSize)
	}
	c.note(0, "the text was compressed by gzip")
	return plain, nil
}

// decode removes byte order marks and converts UTF-16 to UTF-8.
func (c *cleaner) decode(data []byte) (string, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		c.note(1, "the text began with a byte order mark")
		return string(data[3:]), nil
	default:
		zeros := bytes.Count(data, []byte{0})
		if zeros*100 > len(data) {
			return "", errors.New("the text holds zero bytes: it is no text, or was cut out of a disk image")
		}
		if zeros > 0 { // iptables -L prints a zero byte after the program of bpf
			c.note(0, "the text held zero bytes")
			data = bytes.ReplaceAll(data, []byte{0}, nil)
		}
		return string(data), nil
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	c.note(1, "the text was UTF-16, as PowerShell writes it")
	return string(utf16.Decode(units)), nil
}

// endings removes the carriage returns of CR LF.
func (c *cleaner) endings(lines []string) {
	first := 0
	for i, l := range lines {
		if s := strings.TrimRight(l, "\r"); s != l {
			lines[i] = s
			if first == 0 {
				first = i + 1
			}
		}
	}
	if first > 0 {
		c.note(first, "lines ended in carriage return and newline")
	}
}

// colours removes the escape sequences of terminals (ECMA-48, control sequences), and
// characters that a backspace deletes.
func (c *cleaner) colours(lines []string) {
	first := 0
	for i, l := range lines {
		if !strings.ContainsAny(l, "\x1b\b") {
			continue
		}
		lines[i] = withoutEscapes(l)
		if first == 0 {
			first = i + 1
		}
	}
	if first > 0 {
		c.note(first, "the text held escape sequences of a terminal")
	}
}

func withoutEscapes(s string) string {
	var b []byte
	for i := 0; i < len(s); {
		switch {
		case s[i] == '\b':
			_, n := utf8.DecodeLastRune(b)
			b = b[:len(b)-n]
			i++
		case s[i] == 0x1b:
			i += escapeLen(s[i:])
		default:
			b = append(b, s[i])
			i++
		}
	}
	return string(b)
}

// escapeLen returns the length of the escape sequence at the beginning of a text.
func escapeLen(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[':
		for i := 2; i < len(s); i++ {
			if s[i] >= 0x40 && s[i] <= 0x7e {
				return i + 1
			}
		}
		return len(s)
	case ']':
		for i := 2; i < len(s); i++ {
			if s[i] == 7 {
				return i + 1
			}
			if s[i] == 0x1b {
				return min(i+2, len(s))
			}
		}
		return len(s)
	case '(', ')':
		return min(3, len(s))
	}
	return 2
}
