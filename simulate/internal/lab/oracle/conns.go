package oracle

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// ConnDifferences lists which connections only one side has at the end of a
// case.
func ConnDifferences(t *testing.T, node *kernel.Node, s *simulate.Session) []string {
	text, err := node.Conntrack()
	require.NoError(t, err)
	return connDifferences(text, s, usual+int(node.Age()/time.Second))
}

// ConnLineDifferences is ConnDifferences for what conntrack -L printed.
func ConnLineDifferences(text string, s *simulate.Session) []string {
	return connDifferences(text, s, usual)
}

// usual is how many seconds a case takes at most where the machine has nothing else
// to do. Connections of the kernel come so much nearer to their end meanwhile.
const usual = 2

func connDifferences(text string, s *simulate.Session, took int) []string {
	var theirs, ours []connLine
	for line := range strings.Lines(text) {
		theirs = append(theirs, readConnLine(line))
	}
	for c := range s.Conns() {
		ours = append(ours, readConnLine(c.String()))
	}
	var d []string
	for _, k := range theirs {
		i := slices.IndexFunc(ours, func(o connLine) bool { return k.is(o, took) })
		if i < 0 {
			d = append(d, "  kernel    "+k.String())
			continue
		}
		ours = slices.Delete(ours, i, i+1)
	}
	for _, c := range ours {
		d = append(d, "  simulator "+c.String())
	}
	if d != nil {
		d = slices.Insert(d, 0, "connections:")
	}
	return d
}

// connLine is an entry of the table without its timeout, in seconds.
type connLine struct {
	before, after string
	left          int
}

var connTimeout = regexp.MustCompile(`^(\S+ +\d+ )(\d+) (.*)$`)

func readConnLine(line string) connLine {
	line = strings.TrimSpace(line)
	m := connTimeout.FindStringSubmatch(line)
	if m == nil {
		return connLine{before: line}
	}
	left, _ := strconv.Atoi(m[2]) // all digits
	return connLine{m[1], m[3], left}
}

func (c connLine) String() string { return c.before + strconv.Itoa(c.left) + " " + c.after }

// is reports whether the kernel's entry c is the simulator's entry o, in a case that
// took so many seconds.
func (c connLine) is(o connLine, took int) bool {
	return c.before == o.before && c.after == o.after && c.left <= o.left && o.left <= c.left+took
}
