package live_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// recordedCase is a line of the recorded answers of a live kernel.
type recordedCase struct {
	Name    string           `json:"name"`
	Rules4  string           `json:"rules4"`
	Rules6  string           `json:"rules6"`
	Env     kernel.Env       `json:"env"`
	Refused string           `json:"refused"`
	Random  bool             `json:"random"`
	Packets []recordedPacket `json:"packets"`
}

type recordedPacket struct {
	In   string `json:"in"`
	Wire string `json:"wire"`
	Mark uint32 `json:"mark"`
	ID   uint32 `json:"id"`
	Want struct {
		Trace []string `json:"trace"`
		Log   []string `json:"log"`
		Out   []struct {
			Iface string `json:"iface"`
			Wire  string `json:"wire"`
		} `json:"out"`
		Err string `json:"err"`
	} `json:"want"`
}

func (p *recordedPacket) packet(t *testing.T) kernel.Packet {
	wire, err := hex.DecodeString(p.Wire)
	require.NoError(t, err)
	return kernel.Packet{In: p.In, Wire: wire, Mark: p.Mark}
}

func (p *recordedPacket) answer(t *testing.T) kernel.Answer {
	a := kernel.Answer{Trace: p.own(p.Want.Trace), Log: p.own(p.Want.Log), Err: p.Want.Err}
	for _, o := range p.Want.Out {
		wire, err := hex.DecodeString(o.Wire)
		require.NoError(t, err)
		a.Out = append(a.Out, kernel.Out{Iface: o.Iface, Wire: wire})
	}
	return a
}

// own drops the lines of other packets that were recorded because their ICMP
// identifier happens to be the identification the recorder looked for.
func (p *recordedPacket) own(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
		id := ipv4ID.FindStringSubmatch(l)
		return id != nil && id[1] != strconv.FormatUint(uint64(p.ID), 10)
	})
}

var ipv4ID = regexp.MustCompile(` TTL=\d+ ID=(\d+) `)

// recorded reads a file of recorded cases; it skips the test where there are
// none.
func recorded(t *testing.T, name string) []recordedCase {
	dir := os.Getenv("PACKETPATH_DATA")
	if dir == "" {
		t.Skip("PACKETPATH_DATA does not name a folder of recorded kernel answers")
	}
	f, err := os.Open(filepath.Join(dir, "kernel-cases", name+".jsonl"))
	require.NoError(t, err)
	defer f.Close()
	var cases []recordedCase
	lines := bufio.NewReaderSize(f, 1<<20)
	dec := json.NewDecoder(lines)
	for dec.More() {
		var c recordedCase
		require.NoError(t, dec.Decode(&c))
		cases = append(cases, c)
	}
	return cases
}

// TestRecorded compares the simulator with recorded answers of a live kernel:
// every TRACE and LOG line, every packet that left, and what the sender was
// told.
func TestRecorded(t *testing.T) {
	for _, name := range []string{"random-v4", "random-v6", "kube-v4", "kube-v6", "flow-v4", "flow-v6"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			total, wrong := 0, 0
			for _, c := range recorded(t, name) {
				if c.Refused != "" {
					continue
				}
				total += len(c.Packets)
				wrong += runRecorded(t, &c)
			}
			t.Logf("%d packets, %d differ", total, wrong)
		})
	}
}

// runRecorded returns how many packets of a case are not known to agree: those
// from the first difference on, which may cause others.
func runRecorded(t *testing.T, c *recordedCase) int {
	node, err := oracle.Load(oracle.Host(t, c.Env), c.Rules4, c.Rules6)
	if err != nil {
		t.Errorf("%s: %v", c.Name, err)
		return len(c.Packets)
	}
	s := node.NewSession()
	for i := range c.Packets {
		p := &c.Packets[i]
		if d := oracle.Differences(p.answer(t), oracle.Ask(t, s, c.Env, p.packet(t))); d != nil {
			t.Errorf("%s packet %d: %s\n%s", c.Name, i, oracle.Describe(p.packet(t)), strings.Join(d, "\n"))
			return len(c.Packets) - i
		}
	}
	return 0
}
