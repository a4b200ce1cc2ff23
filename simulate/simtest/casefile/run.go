package casefile

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/archive"
	"github.com/packetpath/packetpath/simulate/simtest"
)

const updateFlag = "update"

func init() {
	if flag.Lookup(updateFlag) == nil {
		flag.Bool(updateFlag, false, "write what packets come to into the case files")
	}
}

// updating reports whether the files are to be rewritten (flag -update).
func updating() bool {
	f := flag.Lookup(updateFlag)
	g, ok := f.Value.(flag.Getter)
	return ok && g.Get() == true
}

// Run runs the cases of all files that a pattern as for filepath.Glob names, a
// subtest for each file and packet. With options all sessions begin with them.
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

func runFile(t *testing.T, path string, update bool, opts []simulate.SessionOption) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := archive.Split(string(old))
	node := load(t, parts).With(opts...)
	for i := range parts {
		switch p := &parts[i]; p.Name {
		case "packets":
			p.Text = runPackets(t, p.Text, update, func() *simulate.Session { return node.NewSession() })
		case "session":
			s := node.NewSession()
			p.Text = runPackets(t, p.Text, update, func() *simulate.Session { return s })
		}
	}
	if text := archive.Join(parts); update && text != string(old) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// load makes the node of an archive.
func load(t *testing.T, parts []archive.Section) *simulate.Node {
	t.Helper()
	text := map[string]string{}
	for _, p := range parts[1:] {
		switch p.Name {
		case "host", "rules", "rules6", "packets", "session":
			text[p.Name] += p.Text
		default:
			t.Fatalf("unknown section %q: there are host, rules, rules6, packets and session", p.Name)
		}
	}
	return simtest.Load(t, simtest.Host(t, text["host"]), text["rules"], text["rules6"])
}

// runPackets runs the packets of a section and returns it with the lines as they
// should be. Packets that -run filters out go their way all the same, for a
// session's later packets depend on them, but keep the lines they have.
func runPackets(t *testing.T, text string, update bool, session func() *simulate.Session) string {
	t.Helper()
	es := archive.Entries(text)
	for i := range es {
		e := &es[i]
		if e.Packet == "" {
			continue
		}
		dev, p, err := parser.ParsePacket(e.Packet)
		if err != nil {
			t.Run(e.Packet, func(t *testing.T) { t.Fatalf("%+v", err) })
			continue
		}
		got := outcome(session(), dev, p, traced(e.Lines))
		t.Run(e.Packet, func(t *testing.T) {
			diff := cmp.Diff(lines(e.Lines), lines(got))
			if diff != "" && !update {
				t.Errorf("the packet comes to something else (-want +got):\n%s", diff)
			}
			if update {
				e.Lines = got
			}
		})
	}
	return archive.JoinEntries(es)
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

// outcome says what a packet comes to, and lets the session go on with it.
func outcome(s *simulate.Session, dev string, p netfilter.Packet, traced bool) string {
	var b strings.Builder
	for r := range s.Branches(dev, p) {
		describe(&b, r, traced)
	}
	if dev == "" {
		s.Send(p)
	} else {
		s.Receive(dev, p)
	}
	return b.String()
}
