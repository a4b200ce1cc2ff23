package nfttext_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

var liveForms = flag.Int("live.forms", 50, "of how many declarations one is compared with the machine's nft; 0 for all")

var nftDump = flag.String("live.dump", "", "a file for the differences found")

// nftProgram asks the machine's nft for the programs of a text's rules; the
// text is not loaded.
func nftProgram(t testing.TB, text string) ([]string, error) {
	cmd := exec.Command("unshare", "-n", "nft", "-c", "--debug=netlink", "-f", "-")
	cmd.Stdin = strings.NewReader(text)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, errs.String())
	}
	var lines []string
	for _, l := range strings.Split(out.String(), "\n") {
		if strings.HasPrefix(l, "  [ ") {
			lines = append(lines, strings.TrimSuffix(strings.TrimPrefix(strings.TrimRight(l, " "), "  [ "), " ]"))
		}
	}
	return lines, nil
}

// program returns the programs of all rules in nft's notation.
func program(r *nft.Ruleset) []string {
	var lines []string
	var rules func(rs []*nft.Rule)
	rules = func(rs []*nft.Rule) {
		for _, rule := range rs {
			for _, x := range rule.Exprs {
				lines = append(lines, x.String())
				if v, ok := x.(*nft.SetVerdict); ok && v.Verdict.Block != nil {
					rules(v.Verdict.Block.Rules)
				}
			}
		}
	}
	for _, t := range r.Tables {
		for _, c := range t.Chains {
			rules(c.Rules)
		}
	}
	return lines
}

// oddNotation reports whether nft shows something that the kernel does not keep,
// or does not know a name.
func oddNotation(text string) bool {
	return strings.Contains(text, "ct original protocol") || strings.Contains(text, "ct id") || strings.Contains(text, "log level warn")
}

var liveFiles = flag.Int("live.files", 20, "how many files of the corpus are compared with the machine's nft; -1 for all")

// TestLiveCorpusPrograms compares the programs of whole files.
func TestLiveCorpusPrograms(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make network namespaces")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("nft is not installed")
	}
	root := corpus(t)
	n := 0
	var dump strings.Builder
	for file, row := range files(t, root) {
		if row["nft106"] != "ok" || row["links_made"] != "0" || n == *liveFiles {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		if len(b) > 200000 || strings.Contains(string(b), "delete ") || strings.Contains(string(b), "\niif ") {
			continue
		}
		want, err := nftProgram(t, string(b))
		if err != nil {
			continue
		}
		r, err := nfttext.Parse(string(b), nfttext.ReadOptions{Name: file})
		require.NoError(t, err)
		n++
		got := program(r)
		for i := range want {
			want[i] = strings.TrimSuffix(want[i], " level 4")
		}
		sort.Strings(got)
		sort.Strings(want)
		if strings.Join(got, "\n") == strings.Join(want, "\n") {
			continue
		}
		t.Errorf("the program of %s differs: %s", file, firstDifference(strings.Join(got, "\n"), strings.Join(want, "\n")))
		fmt.Fprintf(&dump, "%s\n  got  %s\n  want %s\n", file, strings.Join(got, "\n       "), strings.Join(want, "\n       "))
		os.WriteFile(*nftDump, []byte(dump.String()), 0o644)
	}
	t.Logf("%d files", n)
}

// TestLivePrograms compares the programs of rules with those that the machine's
// nft makes.
func TestLivePrograms(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make network namespaces")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("nft is not installed")
	}
	agree, bad := 0, 0
	var dump strings.Builder
	for i, f := range forms(t) {
		if *liveForms > 0 && i%*liveForms != 0 {
			continue
		}
		if f.Refused != "" || f.List == "" {
			continue
		}
		r, err := nfttext.Parse(f.Ruleset, nfttext.ReadOptions{})
		if err != nil {
			continue
		}
		want, err := nftProgram(t, f.Ruleset)
		if err != nil {
			continue
		}
		got := program(r)
		if strings.Join(got, "\n") == strings.Join(want, "\n") {
			agree++
			continue
		}
		if oddNotation(f.Text) {
			continue
		}
		bad++
		fmt.Fprintf(&dump, "%s %q\n  got  %s\n  want %s\n", f.Family, f.Text, strings.Join(got, "\n       "), strings.Join(want, "\n       "))
	}
	if *nftDump != "" {
		os.WriteFile(*nftDump, []byte(dump.String()), 0o644)
	}
	if bad > 0 {
		t.Errorf("%d programs agree, %d do not", agree, bad)
	}
}
