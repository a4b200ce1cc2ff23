package cases

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

const text = `-- packets --
# half of them
eth0: udp 192.0.2.9:5 > 10.0.0.9:53
	chance 1/2, forwarded, by "lucky"
	blocked, chance 0.5
# golden, by place
eth0: udp 192.0.2.9:5 > 192.0.2.1:53
	dropped (filter:INPUT:policy:1)
# golden, by text
eth0: udp 192.0.2.9:5 > 192.0.2.1:53
	dropped (filter:INPUT -j DROP)
-- session --
eth0: tcp 192.0.2.9:5 > 10.0.0.9:80
	passed, meets "web", misses "lucky", not masqueraded, mark 0
reply
	to 192.0.2.9:5, from 10.0.0.9:80, via eth0
wait 9999h
reply
	passed
`

func runner(t *testing.T) *Runner {
	t.Helper()
	rs, err := parser.ParseString(`*filter
:FORWARD DROP [0:0]
-A INPUT -j DROP
-A FORWARD -p udp -m statistic --mode random --probability 0.5 -m comment --comment lucky -j ACCEPT
-A FORWARD -p tcp --dport 80 -m conntrack --ctstate NEW -m comment --comment web -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
`)
	require.NoError(t, err)
	n, err := simulate.New(host.MustParse("link eth0 192.0.2.1/24; link eth1 10.0.0.1/24"), rs)
	require.NoError(t, err)
	return &Runner{Session: func() (*simulate.Session, error) { return n.NewSession(), nil }, Nearest: true}
}

func TestRun(t *testing.T) {
	f, err := Parse("x", text)
	require.NoError(t, err)
	require.Len(t, f.Cases, 7)
	x := runner(t)
	for _, c := range f.Cases {
		rep := x.Run(c)
		assert.True(t, rep.Passed(), "%s: %v %+v", c.Name, rep.Err, rep.Failed)
	}
	assert.Equal(t, text, f.Replace(nil))
}

func TestFailures(t *testing.T) {
	f, err := Parse("x", "-- packets --\neth0: tcp 192.0.2.9:5 > 10.0.0.9:81\n\tforwarded\n\treaches INPUT\n")
	require.NoError(t, err)
	rep := runner(t).Run(f.Cases[0])
	require.Len(t, rep.Failed, 2)
	assert.Equal(t, 3, rep.Failed[0].Line)
	assert.Equal(t, 4, rep.Failed[1].Line)
	assert.Contains(t, rep.Failed[0].Got, "dropped; decided by filter:FORWARD:policy:4 policy DROP")
	assert.Contains(t, rep.Failed[0].Near, "filter:FORWARD:rule:2")
}

// TestNearestIsOfTheTableThatDecided has a rule of nat hold in more conditions.
func TestNearestIsOfTheTableThatDecided(t *testing.T) {
	rules, err := parser.ParseString(`*nat
-A PREROUTING -i eth0 -s 192.0.2.0/24 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.9
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
`)
	require.NoError(t, err)
	n, err := simulate.New(host.MustParse("link eth0 192.0.2.1/24; link eth1 10.0.0.1/24"), rules)
	require.NoError(t, err)
	x := &Runner{Session: func() (*simulate.Session, error) { return n.NewSession(), nil }, Nearest: true}
	f, err := Parse("x", "-- packets --\neth0: tcp 192.0.2.9:5 > 10.0.0.9:81\n\tforwarded\n")
	require.NoError(t, err)
	rep := x.Run(f.Cases[0])
	require.Len(t, rep.Failed, 1)
	assert.Contains(t, rep.Failed[0].Near, "filter:FORWARD:rule:1")
}

func TestBadFiles(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "the file has no case"},
		{"-- packets --\n\tdropped\n", "x:2: an indented line without a packet before it"},
		{"-- packets --\nreply\n", `x:2: "reply" stands in a section session only`},
		{"-- session --\nwait 5s\n\tdropped\n", `x:3: "wait 5s" has no result: indented lines stand below packets and replies`},
		{"-- packets --\neth0: udp 1.1.1.1:1 > 2.2.2.2:2\n\tdropped\n\tdropped (x)\n", "conditions and lines that -update writes exclude each other"},
	} {
		_, err := Parse("x", c.text)
		assert.ErrorContains(t, err, c.want)
	}
}

// FuzzParse holds that a file of any bytes is read or refused, and that what is written
// of it has the same cases.
func FuzzParse(f *testing.F) {
	f.Add(text)
	f.Add("--   --\n-- packets --\neth0: udp 192.0.2.9:5 > 192.0.2.1:53")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("fuzz", text)
		if err != nil {
			return
		}
		written := file.Replace(nil)
		again, err := Parse("fuzz", written)
		require.NoError(t, err)
		require.Equal(t, file.Cases, again.Cases)
		require.Equal(t, written, again.Replace(nil))
	})
}
