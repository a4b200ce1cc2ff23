package command

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/parser/packets"
)

// question holds the arguments of a subcommand: files and packets.
type question struct {
	node    []string // directories and files given by flags
	files   []string
	packets []string
	live    bool
	pcap    []string
	filter  string
	dev     string
}

// flags adds the flags that describe the host.
func (q *question) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&q.node, "node", nil, "a `directory` with files of the host (packetpath capture makes one); may be repeated")
	f.BoolVar(&q.live, "live", false, "ask this machine: iptables-save, ip, sysctl, ipset, conntrack and ss; changes nothing")
}

// asked adds the flags that bring packets.
func (q *question) asked(f *pflag.FlagSet) {
	f.StringArrayVar(&q.pcap, "pcap", nil, "packets of a capture `file`, pcap or pcapng; - is standard input")
	f.StringVar(&q.filter, "filter", "", "of the capture, only what this `expression` selects, as tcpdump takes it: \"tcp and dst port 80\"")
	f.StringVar(&q.dev, "link", "", "the `link` that packets of a capture arrive by; without it, that of the capture, or that which leads back to the source")
}

// take separates arguments into files and packets.
func (q *question) take(args []string) error {
	var words []string
	for i, arg := range args {
		switch {
		case arg == "-":
			q.files = append(q.files, arg)
		case len(words) == 0 && isFile(arg):
			q.files = append(q.files, arg)
		case len(words) == 0 && !strings.ContainsAny(arg, " \t") && looksFile(arg) && i+1 < len(args):
			_, err := os.Stat(arg)
			return err
		default:
			words = append(words, arg)
		}
	}
	for len(words) > 0 && strings.ContainsAny(words[0], " \t") && packets.Looks(words[0]) {
		q.packets = append(q.packets, words[0])
		words = words[1:]
		for len(words) > 0 && isFile(words[0]) {
			q.files = append(q.files, words[0])
			words = words[1:]
		}
	}
	if len(words) == 0 {
		return nil
	}
	if len(q.packets) > 0 {
		return fmt.Errorf("%q is neither a packet nor a file", words[0])
	}
	q.packets = append(q.packets, strings.Join(words, " "))
	return nil
}

func isFile(arg string) bool {
	if t, rest, ok := strings.Cut(arg, ":"); ok && (t == "nat" || t == "filter" || t == "mangle" || t == "raw" || t == "security") {
		arg = rest
	}
	_, err := os.Stat(arg)
	return err == nil && !strings.ContainsAny(arg, "\n")
}

// looksFile reports a word that can only be the name of a file.
func looksFile(arg string) bool {
	if strings.HasPrefix(arg, "./") || strings.HasPrefix(arg, "/") {
		return true
	}
	for _, end := range []string{".rules", ".v4", ".v6", ".txt", ".json", ".sh", ".yaml", ".yml", ".conf", ".log", ".save", ".gz", "/"} {
		if strings.HasSuffix(arg, end) {
			return true
		}
	}
	return false
}

// ask reads everything and returns the node with its packets.
func (a *app) ask(q *question, args []string) (*source.Node, []*packets.Packet, error) {
	if err := q.take(args); err != nil {
		return nil, nil, err
	}
	node, err := a.load(q)
	if err != nil {
		return nil, nil, err
	}
	ps, err := a.packets(q, node)
	for _, p := range ps {
		arrive(node, p, q.dev)
	}
	return node, ps, err
}

// load makes the node of all files.
func (a *app) load(q *question) (*source.Node, error) {
	in := &source.Input{Stdin: a.In}
	for _, path := range append(q.node, q.files...) {
		if err := in.Add(path); err != nil {
			return nil, err
		}
	}
	if q.live {
		if err := a.addLive(in); err != nil {
			return nil, err
		}
	}
	if len(q.node)+len(q.files) == 0 && !q.live {
		return nil, errors.New("nothing is known of the host: give files (iptables-save, ip addr, ip route, …), -node DIR or -live")
	}
	node, err := in.Build()
	if err != nil {
		return nil, err
	}
	if a.strict {
		if err := strictly(node.Notes); err != nil {
			return nil, err
		}
	}
	return node, nil
}

// strictly makes notes an error, except those that only list what was read.
func strictly(notes []source.Note) error {
	var lines []string
	for _, n := range notes {
		if n.Code != source.NoteSysctl || !strings.Contains(n.Text, "are heeded") {
			lines = append(lines, "  "+n.Code+": "+n.String())
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return fmt.Errorf("with -strict nothing is taken for granted, but %s would be:\n%s", count(len(lines), "fact"), strings.Join(lines, "\n"))
}

// packets reads the packets of the command line, of files and of captures.
func (a *app) packets(q *question, node *source.Node) ([]*packets.Packet, error) {
	var out []*packets.Packet
	for _, text := range q.packets {
		p, err := packets.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("packet %q: %w", text, err)
		}
		out = append(out, p)
	}
	for _, part := range q.fromFiles(node) {
		n := 0
		for line := range strings.Lines(part.Text) {
			n++
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' || !packets.Looks(line) {
				continue
			}
			p, err := packets.Parse(line)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", part.Name, n, err)
			}
			out = append(out, p)
		}
	}
	for _, path := range q.pcap {
		ps, err := a.readPcap(q, path)
		if err != nil {
			return nil, err
		}
		out = append(out, ps...)
	}
	if len(out) == 0 {
		return nil, errors.New("no packet is given: write one as 'eth0: tcp 192.0.2.9 > 192.0.2.7:443', in quotes")
	}
	return out, nil
}

// fromFiles returns the texts that hold packets. They are asked about if the
// command line has none: a directory may hold logs and captures besides.
func (q *question) fromFiles(node *source.Node) []source.Part {
	if len(q.packets)+len(q.pcap) > 0 {
		return nil
	}
	return node.Packets
}

func verb(use, short, long string, run func(*cobra.Command, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Long: long, RunE: run, DisableFlagsInUseLine: true, Annotations: map[string]string{takesPacket: "yes"}}
}
