package scenario_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/lab/scenario"
)

const ping = "IN= OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=84 TOS=0x08 PREC=0x20 TTL=60 ID=7 DF PROTO=ICMP TYPE=8 CODE=0 ID=9 SEQ=1"

func TestParsePacket(t *testing.T) {
	p, err := scenario.ParsePacket(ping)
	require.NoError(t, err)
	assert.Equal(t, 84, p.Len())
	assert.Equal(t, uint8(0x28), p.TOS())
	assert.Equal(t, ping, scenario.Text(p.Packet, ""))
	assert.Equal(t, strings.Replace(ping, "ID=7 ", "", 1), scenario.AnswerText(p.Packet, ""))

	p, err = scenario.ParsePacket("IN=eth0 OUT= MAC=02:00:00:00:00:01:02:ff:00:00:00:01:86:dd SRC=2001:0db8:0000:0000:0000:0000:0000:0001 " +
		"DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=64 TC=3 HOPLIMIT=9 FLOWLBL=5 PROTO=TCP SPT=1 DPT=2 SEQ=3 ACK=4 WINDOW=5 RES=0x00 ACK SYN URGP=0 OPT (020405B4)")
	require.NoError(t, err)
	assert.Equal(t, "eth0", p.In)
	assert.Equal(t, packet.MAC{2, 0xff, 0, 0, 0, 1}, p.SrcMAC)
	assert.Equal(t, packet.SYN|packet.ACK, p.TCPFlags())

	for _, bad := range []string{
		"", strings.Replace(ping, "192.0.2.1", "2001:db8::1", 1), strings.Replace(ping, "ICMP", "OSPF", 1),
		strings.Replace(ping, "TTL=60", "TTL=600", 1), ping + " MARK=0x1", ping + " OPT (0)", strings.Replace(ping, "OUT=", "OUT= MAC=02", 1),
	} {
		_, err := scenario.ParsePacket(bad)
		assert.Error(t, err, bad)
	}
}

func TestUpdateKeepsWhatIsTrue(t *testing.T) {
	ss, err := scenario.Find(root)
	require.NoError(t, err)
	for _, s := range ss {
		want, err := os.ReadFile(filepath.Join(s.Dir, "cases.txt"))
		require.NoError(t, err)
		var ways [][]scenario.Way
		for _, c := range s.Cases {
			ways = append(ways, c.Ways)
		}
		s.Dir = t.TempDir()
		name := filepath.Join(s.Dir, "cases.txt")
		require.NoError(t, os.WriteFile(name, want, 0o600))
		require.NoError(t, s.Update(ways))
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got))
	}
}

func TestReadRefuses(t *testing.T) {
	for text, problem := range map[string]string{
		"words":                                 `cases.txt:1: no colon in "words"`,
		"fate: sent":                            "cases.txt:1: fate: stands before the first case",
		"case: a\n":                             `cases.txt:1: case "a" needs a packet to send and its fate`,
		"case: a\nsend: IN=":                    "cases.txt:2: packet: SRC: ",
		"case: a\nleft: b\nby: c":               "cases.txt:3: by: stands behind the results",
		"case: a\nchance: often":                "cases.txt:2: strconv.ParseFloat",
		"case: a\ntrace:\n\traw:a\nfortune: up": `cases.txt:4: unknown word "fortune"`,
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "cases.txt"), []byte(text), 0o600))
		_, err := scenario.Read(dir)
		assert.ErrorContains(t, err, problem)
	}
	_, err := scenario.Find(t.TempDir())
	assert.Error(t, err)
}
