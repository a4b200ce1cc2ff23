package record

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/archive"
)

// File is a file of cases, in the form of package casefile, but with the
// kernel's answers below the packets. Its sections are
//
//   - world: the host, by the name of one that the tests know
//   - host: the host, by the files that ip printed: "read addr.json route.json"
//   - rules, rules6, sets: as text, or "read" and the name of a file
//   - session: packets that go through one session in order
//   - packets: packets with no connection known before
//   - conns: what conntrack -L lists at the end
//
// The rules are loaded once; the packets of section packets come last.
type File struct {
	Path                       string
	World                      string
	Host                       []string // paths
	Rules, Rules6, Sets, Conns string
	Parts                      []Part
	sections                   []archive.Section
}

// Part is a section with packets.
type Part struct {
	Session bool // the packets go through one session
	Entries []archive.Entry
	section int
}

// Read reads a file.
func Read(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, sections: archive.Split(string(text))}
	for i := 1; i < len(f.sections); i++ {
		if err := f.read(i); err != nil {
			return nil, fmt.Errorf("%s: section %s: %w", path, f.sections[i].Name, err)
		}
	}
	if len(f.Parts) == 0 {
		return nil, fmt.Errorf("%s: no packets", path)
	}
	return f, nil
}

func (f *File) read(i int) (err error) {
	switch s := f.sections[i]; s.Name {
	case "world":
		f.World = strings.TrimSpace(s.Text)
	case "host":
		names, ok := strings.CutPrefix(s.Text, "read ")
		if !ok {
			return fmt.Errorf("need read and names of files")
		}
		for _, name := range strings.Fields(names) {
			f.Host = append(f.Host, f.beside(name))
		}
	case "rules":
		f.Rules, err = f.text(s.Text)
	case "rules6":
		f.Rules6, err = f.text(s.Text)
	case "sets":
		f.Sets, err = f.text(s.Text)
	case "session", "packets":
		f.Parts = append(f.Parts, Part{Session: s.Name == "session", Entries: archive.Entries(s.Text), section: i})
	case "conns":
		f.Conns = s.Text
	default:
		err = fmt.Errorf("not known")
	}
	return err
}

func (f *File) beside(name string) string { return filepath.Join(filepath.Dir(f.Path), name) }

// text returns the text of a section, which may be in a file of its own.
func (f *File) text(section string) (string, error) {
	name, ok := strings.CutPrefix(section, "read ")
	if !ok {
		return section, nil
	}
	b, err := os.ReadFile(f.beside(strings.TrimSpace(name)))
	return string(b), err
}

// Write writes the file anew, with the lines of packets and the connections as
// they are now.
func (f *File) Write() error {
	for _, p := range f.Parts {
		f.sections[p.section].Text = archive.JoinEntries(p.Entries)
	}
	i := slices.IndexFunc(f.sections, func(s archive.Section) bool { return s.Name == "conns" })
	switch {
	case i >= 0:
		f.sections[i].Text = f.Conns
	case f.Conns != "":
		f.sections = append(f.sections, archive.Section{Name: "conns", Text: f.Conns})
	}
	return os.WriteFile(f.Path, []byte(archive.Join(f.sections)), 0o644)
}
