package exts_test

import (
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// readAndCheck reads a ruleset as iptables-restore and the kernel would.
func readAndCheck(text string, f netfilter.Family) (*netfilter.Ruleset, error) {
	rs, err := parser.ParseString(text, parser.Family(f), parser.Strict())
	if err == nil {
		err = rs.Check()
	}
	return rs, err
}

// rulesIn returns the rules of a saved ruleset's chain.
func rulesIn(saved, chain string) (rules []string) {
	for line := range strings.Lines(saved) {
		if rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-A "+chain); ok && (rest == "" || rest[0] == ' ') {
			rules = append(rules, strings.TrimPrefix(rest, " "))
		}
	}
	return rules
}

// TestExtensionText holds reading, printing and refusing to the tables.
func TestExtensionText(t *testing.T) {
	for _, table := range extTables(t) {
		t.Run(table.name, func(t *testing.T) {
			for i := range table.rows {
				row := &table.rows[i]
				for _, chain := range row.chains {
					if row.isText() {
						row.testText(t, chain)
					}
				}
			}
		})
	}
}

func (r *extRow) testText(t *testing.T, chain string) {
	t.Helper()
	rs, err := readAndCheck(r.ruleset(chain, r.spec), r.family)
	if words, fail := strings.CutPrefix(r.answer, "FAIL"); fail {
		switch words = strings.TrimSpace(words); {
		case err == nil:
			t.Errorf("%v: in %s: taken, and saved as %v", r, chain, rulesIn(rs.String(), chain))
		case !strings.Contains(err.Error(), words):
			t.Errorf("%v: in %s: refused without the words %q: %v", r, chain, words, err)
		}
		return
	}
	if err != nil {
		t.Errorf("%v: in %s: %v", r, chain, err)
		return
	}
	if got := rulesIn(rs.String(), chain); len(got) != 1 || got[0] != r.saved() {
		t.Errorf("%v: in %s: saved as\n  %q\nwant\n  %q", r, chain, got, r.saved())
	}
}

// TestExtensionTextOnKernel asks the machine's own iptables the same.
func TestExtensionTextOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	k, err := kernel.OpenRestorer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	for _, table := range extTables(t) {
		t.Run(table.name, func(t *testing.T) {
			for _, together := range batches(table.rows) {
				for _, chain := range together[0].chains {
					askKernel(t, k, chain, together)
				}
			}
		})
	}
}

// batches puts the text rows that follow one another in a section, and that are
// taken, together: they make one ruleset. A refused row is one of its own.
func batches(rows []extRow) (all [][]*extRow) {
	for i := range rows {
		r := &rows[i]
		if !r.isText() {
			continue
		}
		if n := len(all); n > 0 && r.answer == "OK" && all[n-1][0].answer == "OK" && sameSection(all[n-1][0], r) {
			all[n-1] = append(all[n-1], r)
			continue
		}
		all = append(all, []*extRow{r})
	}
	return all
}

func sameSection(a, b *extRow) bool {
	return a.family == b.family && a.table == b.table && a.sets == b.sets && strings.Join(a.chains, " ") == strings.Join(b.chains, " ")
}

// askKernel compares what iptables saves of the rows. If it refuses a batch the
// rows are tried one by one.
func askKernel(t *testing.T, k *kernel.Restorer, chain string, rows []*extRow) {
	t.Helper()
	var specs, want []string
	for _, r := range rows {
		specs, want = append(specs, r.spec), append(want, r.saved())
	}
	q := kernel.Restore{Family: 4, Sets: rows[0].sets, Text: rows[0].ruleset(chain, specs...)}
	if rows[0].family == netfilter.IPv6 {
		q.Family = 6
	}
	a, err := k.RestoreAndSave(q)
	if err != nil {
		t.Fatal(err)
	}
	switch refused := a.Code != 0; {
	case refused && len(rows) > 1:
		for _, r := range rows {
			askKernel(t, k, chain, []*extRow{r})
		}
		return
	case rows[0].answer == "NEWER", rows[0].answer == "OURS":
		return
	case refused != (rows[0].answer != "OK"):
		t.Errorf("%v: in %s: iptables answers %d: %s", rows[0], chain, a.Code, a.Stderr)
		return
	case refused:
		return
	}
	got := append(rulesIn(a.Saved, chain), make([]string, len(rows))...)
	for i, r := range rows {
		if got[i] != want[i] {
			t.Errorf("%v: in %s: iptables saves\n  %q\nwant\n  %q", r, chain, got[i], want[i])
		}
	}
}
