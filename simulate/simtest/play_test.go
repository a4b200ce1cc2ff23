package simtest_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

// TestPlayKeepsThePackets runs the second of two cases alone: it depends on the
// packet of the first.
func TestPlayKeepsThePackets(t *testing.T) {
	const rules = "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A FORWARD -i lan -j ACCEPT\nCOMMIT\n"
	cases := simtest.Cases{
		{"asks", "lan: udp 10.0.0.5:4000 > 192.0.2.9:53", simtest.Forwarded()},
		{"is answered", "wan: udp 192.0.2.9:53 > 10.0.0.5:4000", simtest.Forwarded()},
	}
	setFlag(t, "test.run", "TestPlay/is_answered")
	assert.True(t, testing.RunTests(regexp.MatchString, []testing.InternalTest{{Name: "TestPlay", F: func(t *testing.T) {
		cases.Play(t, simtest.Load(t, host.MustParse("link lan 10.0.0.1/24; link wan 192.0.2.1/24"), rules).NewSession())
	}}}))
}
