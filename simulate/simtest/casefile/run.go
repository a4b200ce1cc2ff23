package casefile

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/cases"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

const updateFlag = "update"

func init() {
	if flag.Lookup(updateFlag) == nil {
		flag.Bool(updateFlag, false, "write the results of packets into the case files")
	}
}

// updating reports whether the files are to be rewritten (flag -update).
func updating() bool {
	f := flag.Lookup(updateFlag)
	g, ok := f.Value.(flag.Getter)
	return ok && g.Get() == true
}

// Run runs the cases of all files that match a pattern of filepath.Glob, with a subtest
// for each file and each case. All sessions have the given options.
func Run(t *testing.T, pattern string, opts ...simulate.SessionOption) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatalf("%s: %v", pattern, err)
	}
	if len(paths) == 0 {
		t.Fatalf("no file is named %s", pattern)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { runFile(t, path, updating(), opts) })
	}
}

// runFile runs the cases of a file. Cases that -run excludes are run all the same,
// because later packets of the session depend on them, but they neither fail nor are
// updated.
func runFile(t *testing.T, path string, update bool, opts []simulate.SessionOption) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := cases.Parse(path, string(old))
	if err != nil {
		t.Fatal(err)
	}
	node := load(t, f).With(opts...)
	x := &cases.Runner{Session: func() (*simulate.Session, error) { return node.NewSession(), nil }, Nearest: true}
	results := map[*cases.Case][]string{}
	for _, c := range f.Cases {
		r := x.Run(c)
		t.Run(c.Name, func(t *testing.T) {
			switch {
			case r.Err != nil:
				t.Fatalf("%s:%d: %+v", path, c.Line, r.Err)
			case update && c.Exact() && r.Got != nil:
				results[c] = r.Got
			default:
				report(t, path, c, r)
			}
		})
	}
	if text := f.Replace(results); update && text != string(old) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// report reports the failures of a case.
func report(t *testing.T, path string, c *cases.Case, r *cases.Report) {
	t.Helper()
	if c.Exact() && len(c.Golden) == 0 && c.Session == 0 {
		t.Errorf("%s:%d: the packet has no expected result: add conditions, or run the test with -update", path, c.Line)
	}
	for _, f := range r.Failed {
		if c.Exact() {
			t.Errorf("%s:%d: the packet has another result (-want +got):\n%s", path, f.Line, cmp.Diff(strings.Split(f.Want, "\n"), strings.Split(f.Got, "\n")))
			continue
		}
		t.Errorf("%s:%d: want %s, got %s\n%s\nnearest rule that did not match: %s", path, f.Line, f.Want, f.Got, f.Path, f.Near)
	}
}

// load returns the node that the sections of a file describe.
func load(t *testing.T, f *cases.File) *simulate.Node {
	t.Helper()
	var h host.Host
	text := map[string]string{}
	for _, s := range f.Sections[1:] {
		inline, files := s.Files(f.Name)
		switch s.Name {
		case "packets", "session":
		case "host":
			if len(files) > 0 {
				var err error
				if h, err = host.ReadFiles(files...); err != nil {
					t.Fatal(err)
				}
			}
			text[s.Name] += inline
		case "rules", "rules6":
			for _, path := range files {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				text[s.Name] += string(b)
			}
			text[s.Name] += inline
		default:
			t.Fatalf("unknown section %q: there are host, rules, rules6, packets and session", s.Name)
		}
	}
	if described := simtest.Host(t, text["host"]); strings.TrimSpace(text["host"]) != "" {
		if h.Links != nil {
			t.Fatal("section host describes the host both by files and by lines: use either")
		}
		h = described
	}
	return simtest.Load(t, h, text["rules"], text["rules6"])
}
