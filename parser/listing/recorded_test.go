package listing

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

// TestRecordedListings reads what the machine's iptables listed of every rule in
// testdata/ext, as testdata/record.sh recorded it, and compares the rules with
// what it saved.
func TestRecordedListings(t *testing.T) {
	for _, f := range []struct {
		file   string
		family netfilter.Family
		least  int
	}{{"testdata/rules4.txt", netfilter.IPv4, 1000}, {"testdata/rules6.txt", netfilter.IPv6, 300}} {
		t.Run(f.family.String(), func(t *testing.T) {
			lines := recorded(t, f.file)
			require.Greater(t, len(lines)/2, f.least)
			for i := 0; i+1 < len(lines); i += 2 {
				checkRecorded(t, f.family, lines[i], lines[i+1])
			}
		})
	}
}

func recorded(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func checkRecorded(t *testing.T, family netfilter.Family, saved, listed string) {
	t.Helper()
	table, saved, _ := strings.Cut(saved, " ")
	chain := strings.Fields(saved)[1]
	for _, say := range unsaid {
		if strings.Contains(saved, say) {
			return
		}
	}
	rs, _, err := Parse("list", listed1(chain, listed), Options{Family: family, Table: table})
	if !assert.NoError(t, err, "%s\n%s", saved, listed) {
		return
	}
	var got []string
	for l := range strings.Lines(string(rs.AppendSave(nil, netfilter.SaveOptions{}))) {
		if strings.HasPrefix(l, "-A ") {
			got = append(got, unnamed(strings.TrimSpace(l)))
		}
	}
	assert.Equal(t, []string{unnamed(saved)}, got, listed)
}

// listed1 puts a rule into a listing.
func listed1(chain, rule string) string {
	head := "(policy ACCEPT 0 packets, 0 bytes)"
	if !builtinChain(chain) {
		head = "(0 references)"
	}
	return fmt.Sprintf("Chain %s %s\n pkts bytes target     prot opt in     out     source               destination\n%s\n", chain, head, rule)
}

func builtinChain(name string) bool {
	return netfilter.NewTable("mangle").Chain(name) != nil
}

// unsaid are the options that a listing does not show, or not so that they can
// be told.
var unsaid = []string{
	"-m osf",                               // --ttl and --log
	"! --quota",                            // the inversion
	" --dport 0:65535", " --sport 0:65535", // any port
}

// tableName is the name of hashlimit's table, which a listing does not show.
var tableName = regexp.MustCompile(`--hashlimit-name \S+`)

func unnamed(rule string) string { return tableName.ReplaceAllString(rule, "--hashlimit-name NAME") }
