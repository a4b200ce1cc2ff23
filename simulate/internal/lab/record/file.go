package record

import (
	"fmt"
	"os"
	"strings"

	"github.com/packetpath/packetpath/simulate/cases"
)

// File is a file of cases (package cases) whose results are answers of the kernel. Its
// sections are
//
//   - world: the host, by the name of one that the tests have
//   - host: the host, by the files that ip printed: "read addr.json route.json"
//   - rules, rules6, sets: text, or "read" and the name of a file
//   - rules-nft, rules6-nft: the same for rules that iptables-nft loads after those that
//     iptables-legacy loads
//   - session: packets of one session
//   - packets: packets that have a session each
//   - conns: the output of conntrack -L after the sessions
//
// The rules are loaded once; the packets of sections packets are sent last.
type File struct {
	Path                       string
	World                      string
	Host                       []string // paths
	Rules, Rules6, Sets, Conns string
	RulesNFT, Rules6NFT        string
	Cases                      []*cases.Case

	file *cases.File
}

// Read reads a file.
func Read(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path}
	if f.file, err = cases.Parse(path, string(text)); err != nil {
		return nil, err
	}
	for i := range f.file.Sections[1:] {
		s := &f.file.Sections[i+1]
		if err := f.read(s); err != nil {
			return nil, fmt.Errorf("%s: section %s: %w", path, s.Name, err)
		}
	}
	f.Cases = f.file.Cases
	for _, c := range f.Cases {
		if !c.Exact() || !c.Packet() {
			return nil, fmt.Errorf("%s:%d: there are only packets and answers of the kernel here", path, c.Line)
		}
	}
	return f, nil
}

func (f *File) read(s *cases.Section) (err error) {
	text, files := s.Files(f.Path)
	switch s.Name {
	case "world":
		f.World = strings.TrimSpace(text)
	case "host":
		if f.Host = files; len(files) == 0 || strings.TrimSpace(text) != "" {
			return fmt.Errorf("need read and names of files")
		}
	case "rules":
		f.Rules, err = join(text, files)
	case "rules6":
		f.Rules6, err = join(text, files)
	case "sets":
		f.Sets, err = join(text, files)
	case "rules-nft":
		f.RulesNFT, err = join(text, files)
	case "rules6-nft":
		f.Rules6NFT, err = join(text, files)
	case "session", "packets":
	case "conns":
		f.Conns = text
	default:
		err = fmt.Errorf("not known")
	}
	return err
}

// join returns a text with the contents of files before it.
func join(text string, files []string) (string, error) {
	var b strings.Builder
	for _, path := range files {
		t, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		b.Write(t)
	}
	return b.String() + text, nil
}

// Write writes the file with the current results of the cases and connections.
func (f *File) Write() error {
	known := false
	for i := range f.file.Sections {
		if s := &f.file.Sections[i]; s.Name == "conns" {
			s.Text, known = f.Conns, true
		}
	}
	if !known && f.Conns != "" {
		f.file.Sections = append(f.file.Sections, cases.Section{Name: "conns", Text: f.Conns})
	}
	results := map[*cases.Case][]string{}
	for _, c := range f.Cases {
		results[c] = c.Golden
	}
	return os.WriteFile(f.Path, []byte(f.file.Replace(results)), 0o644)
}
