package kernel

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// recorded is what is read of a case that a kernel answered earlier.
type recorded struct {
	Name           string
	Rules4, Rules6 string
	IPSets         string
	Env            Env
	Refused        string
	Random         bool
	Packets        []struct {
		In   string
		Mark uint32
		Wire string
		Want struct {
			Trace, Log []string
			Out        []struct{ Iface string }
			Err        string
		}
	}
}

// TestRecordedAnswers asks again what was recorded by another harness: both
// must build the same node and read its answers alike.
func TestRecordedAnswers(t *testing.T) {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA does not name the folder of recorded answers")
	}
	if err := Available(); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"random-v4", "random-v6", "flow-v4", "flow-v6", "kube-v4", "kube-v6"} {
		t.Run(name, func(t *testing.T) {
			cases := readCases(t, filepath.Join(data, "kernel-cases", name+".jsonl"), 4)
			n, err := Open(cases[0].Env) // one host in all of a file
			if err != nil {
				t.Fatal(err)
			}
			defer n.Close()
			for _, c := range cases {
				replay(t, n, c)
			}
		})
	}
}

// readCases returns the first of a file that are neither random nor refused.
func readCases(t *testing.T, name string, most int) (cases []recorded) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<26)
	for len(cases) < most && lines.Scan() {
		var c recorded
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if !c.Random && c.Refused == "" {
			cases = append(cases, c)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return cases
}

func replay(t *testing.T, n *Node, c recorded) {
	t.Helper()
	load(t, n, c.Rules4, c.Rules6, c.IPSets)
	for i, p := range c.Packets {
		wire, err := hex.DecodeString(p.Wire)
		if err != nil {
			t.Fatal(err)
		}
		a := send(t, n, Packet{In: p.In, Mark: p.Mark, Wire: wire})
		if !slices.Equal(a.Trace, p.Want.Trace) || !slices.Equal(a.Log, p.Want.Log) || a.Err != p.Want.Err || len(a.Out) != len(p.Want.Out) {
			t.Errorf("%s packet %d: %q %q %q, %d left; recorded %+v", c.Name, i, a.Trace, a.Log, a.Err, len(a.Out), p.Want)
		}
	}
}
