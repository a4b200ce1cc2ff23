package parser_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// TestRandomLinesLive puts lines together from the words of the recorded cases
// and asks the machine's own tool about them. TEST_SEED and TEST_LINES choose
// others.
func TestRandomLinesLive(t *testing.T) {
	seed, n := setting(t, "TEST_SEED", 1), setting(t, "TEST_LINES", 400)
	t.Logf("TEST_SEED=%d TEST_LINES=%d", seed, n)
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	cases := make([]restoreCase, n)
	for i := range cases {
		cases[i] = randomCase(r)
	}
	accepted := 0
	for i, want := range askTool(t, cases) {
		c := cases[i]
		got := refused
		rs, err := parser.ParseString(c.text, c.options(t)...)
		if err == nil {
			accepted++
			got = essence(string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true})))
		}
		if got != want {
			t.Errorf("%q %s counters %v\n got %q %v\ntool %q", c.text, c.family, c.counters, got, err, want)
		}
	}
	t.Logf("%d of %d texts are accepted", accepted, n)
}

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// randomCase changes a few words of a recorded case.
func randomCase(r *rand.Rand) restoreCase {
	c := restoreCases[r.IntN(len(restoreCases))]
	for c.want == refused || len(c.text) > 300 || !strings.HasPrefix(c.text, "*filter\n") || !strings.HasSuffix(c.text, "COMMIT\n") {
		c = restoreCases[r.IntN(len(restoreCases))]
	}
	c.want = ""
	lines := strings.Split(strings.TrimSuffix(strings.TrimPrefix(c.text, "*filter\n"), "COMMIT\n"), "\n")
	for range 1 + r.IntN(2) {
		l := &lines[r.IntN(len(lines))]
		words := strings.Split(*l, " ")
		i := r.IntN(len(words))
		switch r.IntN(5) {
		case 0:
			words = append(words[:i], words[i+1:]...)
		case 1:
			j := r.IntN(len(words))
			words[i], words[j] = words[j], words[i]
		case 2:
			words[i] = anyWord(r)
		default:
			words = append(words[:i], append([]string{anyWord(r), anyWord(r)}[:1+r.IntN(2)], words[i:]...)...)
		}
		*l = strings.Join(words, " ")
	}
	c.text = filter(strings.TrimSuffix(strings.Join(lines, "\n"), "\n"))
	return c
}

// anyWord returns a word of some recorded case. Words that end the reading, or
// whose meaning is the machine's own, are left out.
func anyWord(r *rand.Rand) string {
	for {
		c := &restoreCases[r.IntN(len(restoreCases))]
		if len(c.text) > 300 {
			continue
		}
		words := strings.Fields(c.text)
		if len(words) == 0 {
			continue
		}
		if w := words[r.IntN(len(words))]; !strings.ContainsAny(w, "\x00\ufeff") {
			return w
		}
	}
}
