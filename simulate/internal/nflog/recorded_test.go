package nflog_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
)

// recorded is what this test reads of a recorded case.
type recorded struct {
	Name string
	Env  struct{ MAC map[string][2]string }

	Packets []struct {
		In   string
		Mark uint32
		Wire string
		Want struct{ Trace []string }
	}
}

// TestRecordedTraces writes the first TRACE line of every recorded packet
// again: at that point the packet is still as it was sent.
func TestRecordedTraces(t *testing.T) {
	dir := os.Getenv("PACKETPATH_DATA")
	if dir == "" {
		t.Skip("recorded cases needed: set PACKETPATH_DATA to the folder that has kernel-cases")
	}
	files, err := filepath.Glob(filepath.Join(dir, "kernel-cases", "*-v[46].jsonl"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	lines := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		sc := bufio.NewScanner(bytes.NewReader(data))
		sc.Buffer(nil, len(data))
		for sc.Scan() {
			var c recorded
			require.NoError(t, json.Unmarshal(sc.Bytes(), &c))
			lines += c.rewrite(t)
		}
		require.NoError(t, sc.Err())
	}
	t.Logf("%d lines", lines)
	require.Greater(t, lines, 1000)
}

// rewrite returns the number of lines compared.
func (c *recorded) rewrite(t *testing.T) (lines int) {
	for i, q := range c.Packets {
		if len(q.Want.Trace) == 0 {
			continue
		}
		wire, err := hex.DecodeString(q.Wire)
		require.NoError(t, err)
		p, err := packet.Decode(wire)
		require.NoError(t, err)
		want := q.Want.Trace[0]
		m := nflog.Meta{In: q.In}
		if q.In != "" {
			m.Link = nflog.Ethernet
			m.DstMAC, m.SrcMAC = mac(t, c.Env.MAC[q.In][0]), mac(t, c.Env.MAC[q.In][1])
		} else {
			p.Mark, p.Socket = q.Mark, &packet.Socket{}
			m.Out = strings.Fields(want)[2][len("OUT="):]
		}
		rule := strings.Split(strings.Fields(want)[0], ":")
		number, err := strconv.Atoi(rule[3])
		require.NoError(t, err)
		got := nflog.AppendTrace(nil, rule[0], rule[1], rule[2], number, &p, &m)
		assert.Equal(t, want, string(got), "%s packet %d", c.Name, i)
		lines++
	}
	return lines
}

func mac(t *testing.T, s string) (m packet.MAC) {
	t.Helper()
	n, err := fmt.Sscanf(s, "%02x:%02x:%02x:%02x:%02x:%02x", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5])
	require.NoError(t, err)
	require.Equal(t, 6, n)
	return m
}
