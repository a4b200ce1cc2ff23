package host_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/host"
)

// FuzzRead reads any text as every kind of text about a host: nothing panics, the same
// text gives the same host, and a host that is read has links and routes that the
// kernel can have.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"../../testdata/scenarios/*/host*", "../../testdata/scenarios/*/*addr*", "../../testdata/scenarios/*/*route*", "../../examples/packetpath/testdata/formats/*", "../../examples/packetpath/testdata/node/*"} {
		paths, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, p := range paths {
			if text, err := os.ReadFile(p); err == nil && len(text) < 10_000 {
				f.Add(string(text))
			}
		}
	}
	for _, text := range []string{
		"2: eth0: <", "2: eth0: <UP> mtu abc\n", "0: eth0: <UP> mtu 1500\n", "4294967296: eth0: <UP> mtu 1500\n",
		"2: a: <UP> mtu 1500 master b\n3: b: <UP> mtu 1500 master a\n", "1: lo: <UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n",
		"2: eth0: <UP> mtu 68\n    inet6 2001:db8::1/64 scope global\n", `[{"ifindex":2,"ifname":"eth0","flags":["UP"],"mtu":68}]`, "6: @if5: <UP> mtu 1500\n    link/ether 02:00:00:00:00:01\n", `[{"dst":"default","gateway":1}]`,
		"link eth0 192.0.2.1/24; route default via 192.0.2.9; socket udp 53; sysctl net.ipv4.ip_forward=0",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		for _, read := range []func() (host.Host, error){
			func() (host.Host, error) { return host.Read(strings.NewReader(text)) },
			func() (host.Host, error) { return host.Parse(text) },
		} {
			h, err := read()
			again, err2 := read()
			h.Sets, again.Sets = nil, nil // whose order in memory is seeded at random
			require.Equal(t, h, again)
			require.Equal(t, err == nil, err2 == nil)
			indexes := map[int]bool{}
			for _, l := range h.Links {
				require.NotEmpty(t, l.Name)
				require.False(t, l.Index != 0 && indexes[l.Index], "two links of index %d", l.Index)
				indexes[l.Index] = true
			}
			_, _ = h.ReadSysctl(strings.NewReader(text))
		}
		_, _ = host.ReadSockets(strings.NewReader(text))
		_, _ = host.ReadNeighbors(strings.NewReader(text))
		_, _ = host.ReadIPsecPolicies(strings.NewReader(text))
		_, _ = host.ReadPolicyRules(strings.NewReader(text), netfilter.IPv4)
		_, _ = host.ParseRoute(text)
		_, _ = host.ParseAddress(text)
		_, _ = host.ParsePolicyRule(text)
	})
}
