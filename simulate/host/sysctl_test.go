package host_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/sysctl"
)

func TestReadSysctl(t *testing.T) {
	h := host.MustParse("link eth0.100 192.0.2.1/24")
	left, err := h.ReadSysctl(strings.NewReader(`# comment
abi.vsyscall32 = 1
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 2
net.ipv4.conf.eth0/100.rp_filter = 1
net.ipv4.conf.veth9.rp_filter = 1
net/netfilter/nf_conntrack_max=100
-net.core.somaxconn=128
sysctl: permission denied on key 'kernel.x'
`))
	require.NoError(t, err)
	assert.Equal(t, 3, left, "abi, a link that the host lacks, core")
	assert.Equal(t, map[string]string{"net.ipv4.ip_forward": "1", "net.ipv4.conf.all.rp_filter": "2", "net.ipv4.conf.eth0.100.rp_filter": "1",
		"net.netfilter.nf_conntrack_max": "100"}, h.Sysctl)

	_, err = h.ReadSysctl(strings.NewReader("net.ipv4.ip_forward = 0\nnonsense\n"))
	assert.EqualError(t, err, `line 2: "nonsense" is no setting: need name = value`)
	assert.Equal(t, "1", h.Sysctl["net.ipv4.ip_forward"])
}

// TestSysctlsOfThisMachine holds that the simulation knows just the settings which
// are said to matter, among all that a machine has.
func TestSysctlsOfThisMachine(t *testing.T) {
	out, err := exec.Command("sysctl", "-a").Output()
	if len(out) == 0 {
		t.Skip("no sysctl to ask: ", err)
	}
	matter := 0
	for line := range strings.Lines(string(out)) {
		name, value, ok := strings.Cut(line, " = ")
		if !ok {
			continue
		}
		_, err := sysctl.Read(map[string]string{name: value})
		if strings.HasPrefix(name, "net.") {
			assert.Equal(t, err == nil, host.SysctlMatters(strings.ReplaceAll(name, "/", ".")), "%s: %v", name, err)
		}
		if err == nil {
			matter++
		}
	}
	assert.NotZero(t, matter)
}
