package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser/transcript"
)

// Part is a text of one kind.
type Part struct {
	Kind    Kind
	Name    string // of the file, with the section of a bundle
	Command string // that printed it, if it is shown
	Table   string // that the user named
	Text    string
	Family  netfilter.Family
	// Known says that the family is told by the command, the file's name or what
	// is in it.
	Known bool
}

// Input is all that was given.
type Input struct {
	Parts []Part
	Notes []Note
	Stdin io.Reader
}

// MaxFile is how many bytes a file may have.
const MaxFile = 1 << 30

// Add reads a file, "-" for standard input, or the files of a directory. A file
// of one table may be named with it: "nat:FILE".
func (in *Input) Add(path string) error {
	table := ""
	if path != "-" {
		if t, rest, ok := strings.Cut(path, ":"); ok && slices.Contains(netfilter.TableNames(), t) {
			table, path = t, rest
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.IsDir() {
			return in.addDir(path)
		}
	}
	data, err := in.read(path)
	if err != nil {
		return err
	}
	name := path
	if path == "-" {
		name = "standard input"
	}
	return in.AddText(name, table, data)
}

// addDir reads the files of a directory, a bundle; those that it cannot tell
// apart are noted.
func (in *Input) addDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	read := 0
	for _, e := range entries {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		data, err := in.read(path)
		if err != nil {
			return err
		}
		var unknown *UnknownError
		switch err := in.AddText(path, "", data); {
		case errors.As(err, &unknown):
			in.Notes = append(in.Notes, Note{Code: NoteUnread, File: path, Text: "not read: " + unknown.Reason})
		case err != nil:
			return err
		default:
			read++
		}
	}
	if read == 0 {
		return fmt.Errorf("%s: the directory holds no file that can be read: need %s", dir, readable)
	}
	return nil
}

func (in *Input) read(path string) ([]byte, error) {
	var r io.Reader = in.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0 && info.Mode()&fs.ModeCharDevice != 0 {
			return nil, fmt.Errorf("%s is a device", path)
		}
		r = f
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", path, err)
	case len(data) > MaxFile:
		return nil, fmt.Errorf("%s has more than %d bytes", path, MaxFile)
	}
	return data, nil
}

// UnknownError reports that the kind of a text is not known or not supported.
type UnknownError struct {
	Name, Reason string
	Readable     string // what could be given instead; "" if the reason says it
}

// Error returns the message.
func (e *UnknownError) Error() string {
	if e.Readable == "" {
		return e.Name + ": " + e.Reason
	}
	return e.Name + ": " + e.Reason + ": " + e.Readable
}

// AddText reads a text.
func (in *Input) AddText(name, table string, data []byte) error {
	segments, notes, err := transcript.Clean(name, data)
	if err != nil {
		return &UnknownError{Name: name, Reason: strings.TrimPrefix(err.Error(), name+": ")}
	}
	for _, n := range notes {
		in.Notes = append(in.Notes, Note{Code: NoteCleaned, File: name, Line: n.Line, Text: n.Text})
	}
	if len(segments) == 0 {
		in.Notes = append(in.Notes, Note{Code: NoteUnread, File: name, Text: "the file is empty"})
		return nil
	}
	if isCasefile(segments) {
		in.Parts = append(in.Parts, Part{Kind: Cases, Name: name, Text: string(data)})
		return nil
	}
	known, before := 0, len(in.Parts)
	for _, s := range segments {
		if in.addSegment(name, table, s) {
			known++
		}
	}
	if known == 0 {
		return in.unknown(name, segments)
	}
	if added := in.Parts[before:]; len(segments) == 1 && len(added) == 1 {
		if err := noScript(added[0]); err != nil {
			in.Parts = in.Parts[:before]
			return err
		}
	}
	return nil
}

func isCasefile(segments []transcript.Segment) bool {
	return slices.ContainsFunc(segments, func(s transcript.Segment) bool { return s.Section == "packets" || s.Section == "session" })
}

// addSegment reports whether the segment is of a known kind; one that is empty
// does not count against that.
func (in *Input) addSegment(name, table string, s transcript.Segment) bool {
	command := s.Command
	if command == "" && s.Section != "" {
		command = s.Section
		name += "(" + s.Section + ")"
	}
	kind, other := kindOf(command, s.Text)
	switch {
	case kind == Empty:
		return true
	case kind == "" || other != nil:
		if s.Command != "" || s.Section != "" {
			what := "what " + command + " printed is not read"
			in.Notes = append(in.Notes, Note{Code: NoteUnread, File: name, Line: firstLine(s.Text), Text: what})
			return true
		}
		return false
	}
	p := Part{Kind: kind, Name: name, Command: command, Table: table, Text: s.Text}
	if p.Table == "" && (kind == Listing || kind == ListRules) {
		p.Table = tableOfCommand(s.Command)
	}
	p.Family, p.Known = familyOf(&p)
	in.Parts = append(in.Parts, p)
	return true
}

func firstLine(text string) int {
	n := 0
	for l := range strings.Lines(text) {
		n++
		if strings.TrimSpace(l) != "" {
			return n
		}
	}
	return 0
}

// unknown returns the error about a text: what it resembles and what to run instead.
func (in *Input) unknown(name string, segments []transcript.Segment) error {
	for _, s := range segments {
		if _, f := kindOf("", s.Text); f != nil {
			return &UnknownError{Name: name, Reason: fmt.Sprintf("the file looks like %s, which is not read; run %s instead", f.Name, f.Instead)}
		}
	}
	line := ""
	for _, s := range segments {
		if line = strings.TrimSpace(s.Text); line != "" {
			break
		}
	}
	if line == "" {
		return &UnknownError{Name: name, Reason: "the file is empty"}
	}
	line, _, _ = strings.Cut(line, "\n")
	return &UnknownError{Name: name, Reason: fmt.Sprintf("the file begins with %q, which is none of the formats that are read", Printable(cut(line, 60))), Readable: readable}
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// AddSection reads a section of a casefile: the name says what it is where the
// text leaves it open.
func (in *Input) AddSection(file, section, text string) error {
	kind, other := kindOf(section, text)
	if section == "host" && other == nil {
		if kind == "" || kind == Sysctl || kind == SetSave {
			kind = HostLines
		}
	}
	switch {
	case kind == Empty:
		return nil
	case other != nil:
		return &UnknownError{Name: file, Reason: fmt.Sprintf("section %s looks like %s, which is not read; run %s instead", section, other.Name, other.Instead)}
	case kind == "":
		return &UnknownError{Name: file, Reason: fmt.Sprintf("section %s is none of the formats that are read", section), Readable: readable}
	}
	p := Part{Kind: kind, Name: file, Command: section, Text: text}
	p.Family, p.Known = familyOf(&p)
	if section == "rules6" {
		p.Family = netfilter.IPv6
	}
	in.Parts = append(in.Parts, p)
	return nil
}
