package exts_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
)

// The tables of testdata/ext/match and testdata/ext/target say what each extension reads, prints, refuses and
// matches. A file holds sections and rows; lines that begin with # and empty
// lines do not count.
//
//	@iptables filter INPUT FORWARD
//
// begins a section: a family's tool, a table, and the chains that each row is
// tried in; packet rows use the first. A chain that is not built in is one that
// nobody calls. Further lines of a section add rules for packet rows:
//
//	@with mangle PREROUTING -j CONNMARK --set-mark 1
//
// and IP sets for all rows, by commands of ipset:
//
//	@ipset create web hash:ip,port
//
// The rows are
//
//	options ; = ; OK                 saved as it stands
//	options ; other options ; OK     saved like this
//	options ; ; FAIL words           refused, for a reason with these words
//	options ; = ; ASSUME             taken for granted here; the machine refuses
//	                                 it for want of something it would name
//	options ; = ; NEWER              as releases after 1.8.9 read and print it; the
//	                                 machine's, if it is that, does not
//	options ; = ; OURS               printed so that it reads the same again, which
//	                                 what iptables prints does not
//	options ; packet ; answer        what the rule says of a packet
//	options ; packet / packet ; answer / answer     of packets one after another
//	options ; packet / wait 20ms / packet ; answer / - / answer     some time apart
//
// Answers are match, no, drop (the match dropped the packet on the spot),
// "match drop" for both, and past (the packet does not come to the chain).
// Behind it may stand "~ text", which the last line of the trace holds, and
// "> packet", as which the packet leaves or is delivered; match may be left out
// ahead of them. A packet is written as for parser.ParsePacket; without a link a
// local process sends it.
type extTable struct {
	name string // "match/tcp", from the path without ".t"
	rows []extRow
}

// extRow is one row in its section.
type extRow struct {
	file   string
	line   int
	family netfilter.Family
	table  string
	chains []string
	with   []string // "table CHAIN options" of rules beside that of the row
	sets   string   // commands of ipset
	spec   string
	middle string
	answer string
}

func (r *extRow) String() string { return fmt.Sprintf("%s:%d: %s", r.file, r.line, r.spec) }

// isText reports whether the row is about reading, not about packets.
func (r *extRow) isText() bool {
	return r.answer == "OK" || r.answer == "ASSUME" || r.answer == "NEWER" || r.answer == "OURS" || r.answer == "FAIL" || strings.HasPrefix(r.answer, "FAIL ")
}

// saved returns what iptables-save prints for the row.
func (r *extRow) saved() string {
	if r.middle == "=" {
		return r.spec
	}
	return r.middle
}

// ruleset returns a ruleset with rules of these options in a chain of the row's
// table.
func (r *extRow) ruleset(chain string, specs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%s\n", r.table)
	if _, builtin := netfilter.HookByName(chain); !builtin {
		fmt.Fprintf(&b, ":%s - [0:0]\n", chain)
	}
	for _, s := range specs {
		b.WriteString(strings.TrimRight("-A "+chain+" "+s, " ") + "\n")
	}
	b.WriteString("COMMIT\n")
	return b.String()
}

const extDir = "../../../../testdata/ext"

// extTables reads all tables.
func extTables(t *testing.T) []extTable {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(extDir, "*", "*.t"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables in %s (%v)", extDir, err)
	}
	var tables []extTable
	for _, f := range files {
		tables = append(tables, readExtTable(t, f))
	}
	return tables
}

func readExtTable(t *testing.T, path string) extTable {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dir, base := filepath.Split(path)
	table := extTable{name: filepath.Base(dir) + "/" + strings.TrimSuffix(base, ".t")}
	var section extRow
	s := bufio.NewScanner(f)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSpace(s.Text())
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "@with "):
			section.with = append(slices.Clone(section.with), strings.TrimSpace(strings.TrimPrefix(line, "@with ")))
		case strings.HasPrefix(line, "@ipset "):
			section.sets += strings.TrimPrefix(line, "@ipset ") + "\n"
		case line[0] == '@':
			section = extSection(t, path, n, strings.Fields(line[1:]))
		default:
			row := section
			row.file, row.line = path, n
			fields := strings.Split(line, ";")
			if len(fields) != 3 || section.table == "" {
				t.Fatalf("%s:%d: a row has three fields and stands in a section: %s", path, n, line)
			}
			row.spec, row.middle, row.answer = strings.TrimSpace(fields[0]), strings.TrimSpace(fields[1]), strings.TrimSpace(fields[2])
			table.rows = append(table.rows, row)
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return table
}

func extSection(t *testing.T, path string, line int, words []string) extRow {
	t.Helper()
	if len(words) < 3 || words[0] != "iptables" && words[0] != "ip6tables" {
		t.Fatalf("%s:%d: a section is \"@iptables table chain...\" or \"@ip6tables table chain...\"", path, line)
	}
	r := extRow{table: words[1], chains: words[2:]}
	if words[0] == "ip6tables" {
		r.family = netfilter.IPv6
	}
	return r
}
