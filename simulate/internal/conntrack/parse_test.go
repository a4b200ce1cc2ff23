package conntrack

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestParseLineRefuses what would translate packets to addresses they cannot
// have.
func TestParseLineRefuses(t *testing.T) {
	for line, want := range map[string]string{
		"udp 17 9 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=::2 dst=::1 sport=2 dport=1":              "need src= and dst=, of one family, for each of two directions",
		"udp 17 9 src=1.1.1.1 dst=::2 sport=1 dport=2 src=::2 dst=1.1.1.1 sport=2 dport=1":              "need src= and dst=, of one family, for each of two directions",
		"udp 17 9 src=fe80::1%eth0 dst=fe80::2 sport=1 dport=2 src=fe80::2 dst=fe80::1 sport=2 dport=1": `"src=fe80::1%eth0": an address here has no zone`,
	} {
		_, err := ParseLine(line, epoch)
		assert.EqualError(t, err, want, line)
	}
}

// FuzzParseLine wants lines that are taken to say the same once they were
// printed.
func FuzzParseLine(f *testing.F) {
	for _, line := range []string{
		"tcp      6 431999 ESTABLISHED src=10.0.0.5 dst=203.0.113.9 sport=4000 dport=80 src=203.0.113.9 dst=192.0.2.2 sport=80 dport=4000 [ASSURED] mark=7 use=1",
		"ipv4     2 udp      17 29 src=10.0.0.5 dst=203.0.113.9 sport=4000 dport=53 packets=1 bytes=60 [UNREPLIED] src=203.0.113.9 dst=10.0.0.5 sport=53 dport=4000 packets=0 bytes=0 mark=0 zone=3 use=2",
		"icmpv6   58 29 src=2001:db8::5 dst=2001:db8::9 type=128 code=0 id=4 src=2001:db8::9 dst=2001:db8::5 type=129 code=0 id=4 mark=0 use=1",
		"gre      47 29 src=10.0.0.5 dst=10.0.0.9 srckey=0x0 dstkey=0x7 zone-orig=4 src=10.0.0.9 dst=10.0.0.5 srckey=0x7 dstkey=0x0 mark=0 helper=x use=1",
		"sctp     132 209 ESTABLISHED src=10.0.0.5 dst=10.0.0.9 sport=1 dport=2 src=10.0.0.9 dst=10.0.0.5 sport=2 dport=1 [ASSURED] mark=0 use=1",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, err := ParseLine(line, epoch)
		if err != nil {
			return
		}
		printed := string(AppendLine(nil, c, epoch, 1))
		again, err := ParseLine(printed, epoch)
		require.NoError(t, err, printed)
		require.Equal(t, printed, string(AppendLine(nil, again, epoch, 1)))
		New(DefaultConfig()).Add(c)
	})
}
