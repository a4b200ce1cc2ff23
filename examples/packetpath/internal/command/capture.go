package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
)

// tool is a command that prints information about a host and changes nothing.
type tool struct {
	file string // in the bundle
	args []string
	keep func(line string) bool // nil keeps all lines
	need bool                   // a host without it has no answer
}

// tools are run by capture and by -live.
var tools = []tool{
	{"iptables-save", []string{"iptables-save", "-c"}, nil, true},
	{"ip6tables-save", []string{"ip6tables-save", "-c"}, nil, false},
	{"iptables-legacy-save", []string{"iptables-legacy-save", "-c"}, nil, false},
	{"ip6tables-legacy-save", []string{"ip6tables-legacy-save", "-c"}, nil, false},
	{"ip-addr.json", []string{"ip", "-d", "-j", "addr"}, nil, true},
	{"ip-route.json", []string{"ip", "-j", "route", "show", "table", "all"}, nil, true},
	{"ip6-route.json", []string{"ip", "-6", "-j", "route", "show", "table", "all"}, nil, false},
	{"ip-rule.json", []string{"ip", "-j", "rule"}, nil, false},
	{"ip6-rule.json", []string{"ip", "-6", "-j", "rule"}, nil, false},
	{"ip-neigh.json", []string{"ip", "-j", "neigh"}, nil, false},
	{"bridge-link.json", []string{"bridge", "-d", "-j", "link"}, nil, false},
	{"bridge-fdb.json", []string{"bridge", "-j", "fdb"}, nil, false},
	{"bridge-vlan.json", []string{"bridge", "-j", "vlan"}, nil, false},
	{"sysctl", []string{"sysctl", "-a"}, ofNetwork, false},
	{"ipset-save", []string{"ipset", "save"}, nil, false},
	{"conntrack", []string{"conntrack", "-L"}, nil, false},
	{"ss", []string{"ss", "-lntupe"}, nil, false},
	{"xfrm-policy", []string{"ip", "xfrm", "policy"}, nil, false},
}

func ofNetwork(line string) bool { return strings.HasPrefix(line, "net.") }

const captureLong = `Saves the output of tools on this machine as a bundle for another machine: a directory
with a file for each, or with "-" one text on standard output. It runs, and changes
nothing:

  iptables-save, ip6tables-save and those of iptables-legacy, ip addr, ip route, ip rule, ip neigh, bridge link,
  fdb and vlan, sysctl (of the network), ipset save, conntrack -L, ss -lntupe,
  ip xfrm policy

Nothing else is saved. With -redact addresses are exchanged for others, the same for
the same everywhere in the bundle and alike in their leading bits, so that routes and
subnets stay what they are: the first 8 bits and the last 8 of IPv4 addresses, and the
first 16 and the last 64 of IPv6 addresses stay, and of Ethernet addresses the first
half. Names of links, chains, sets and comments stay.`

func (a *app) capture() *cobra.Command {
	redact := false
	cmd := verb("capture DIR|-", "Save the state of this machine, to examine it on another", captureLong, nil)
	cmd.Annotations = nil
	cmd.Args = cobra.ExactArgs(1)
	cmd.Flags().BoolVar(&redact, "redact", false, "exchange addresses for others, consistently")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		sections, notes, err := collect()
		if err != nil {
			return err
		}
		if a.strict {
			if err := strictly(notes); err != nil {
				return err
			}
		}
		if redact {
			r, err := newRedactor()
			if err != nil {
				return err
			}
			for i := range sections {
				sections[i].text = r.text(sections[i].text)
			}
		}
		for _, n := range notes {
			fmt.Fprintf(a.Err, "note: %s\n", source.Printable(n.String()))
		}
		if args[0] == "-" {
			_, err := a.Out.Write(bundle(sections))
			return err
		}
		return writeBundle(args[0], sections)
	}
	return cmd
}

// section is the output of one tool.
type section struct{ name, text string }

// bundle writes sections as one text.
func bundle(sections []section) []byte {
	var b bytes.Buffer
	for _, s := range sections {
		fmt.Fprintf(&b, "-- %s --\n%s", s.name, s.text)
		if !strings.HasSuffix(s.text, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// writeBundle writes a file for each section into a directory, which it makes.
func writeBundle(dir string, sections []section) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, s := range sections {
		path := filepath.Join(dir, s.name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already: give a new directory", path)
		}
		if err != nil {
			return err
		}
		_, err = f.WriteString(s.text)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// toolTime is how long a tool may take.
const toolTime = 30 * time.Second

// collect runs the tools.
func collect() (sections []section, notes []source.Note, err error) {
	if runtime.GOOS != "linux" {
		return nil, nil, fmt.Errorf("this machine runs %s, not Linux", runtime.GOOS)
	}
	for _, t := range tools {
		text, err := t.run()
		switch {
		case err == nil && strings.TrimSpace(text) != "" && !repeats(sections, text):
			sections = append(sections, section{t.file, text})
		case err == nil:
		case t.need:
			return nil, nil, err
		default:
			notes = append(notes, source.Note{Code: source.NoteUnread, Text: err.Error()})
		}
	}
	return sections, notes, nil
}

// repeats reports whether another tool printed the same, remarks aside: where
// iptables-save is that of iptables-legacy.
func repeats(sections []section, text string) bool {
	return slices.ContainsFunc(sections, func(s section) bool { return withoutRemarks(s.text) == withoutRemarks(text) })
}

func withoutRemarks(text string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		if !strings.HasPrefix(l, "#") {
			b.WriteString(l)
		}
	}
	return b.String()
}

func (t *tool) run() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), toolTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.args[0], t.args[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
	if err := cmd.Run(); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		if first != "" {
			first = ": " + first
		}
		return "", fmt.Errorf("%s could not be run (%w%s); are you root?", strings.Join(t.args, " "), err, first)
	}
	if t.keep == nil {
		return stdout.String(), nil
	}
	var b strings.Builder
	for l := range strings.Lines(stdout.String()) {
		if t.keep(l) {
			b.WriteString(l)
		}
	}
	return b.String(), nil
}

// addLive asks this machine.
func (a *app) addLive(in *source.Input) error {
	sections, notes, err := collect()
	if err != nil {
		return err
	}
	in.Notes = append(in.Notes, notes...)
	return in.AddText("this machine", "", bundle(sections))
}
