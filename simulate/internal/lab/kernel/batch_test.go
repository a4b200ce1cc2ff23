package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBatches holds that commands keep their order, and which of them share a process.
func TestBatches(t *testing.T) {
	ip, bridge := []string{"ip", "-batch", "-"}, []string{"bridge", "-batch", "-"}
	assert.Equal(t, []batch{
		{ip, "link add br0 type bridge\nlink set br0 up\n"},
		{bridge, "fdb flush dev br0\n"},
		{ip, "link set br0 down\n"},
		{[]string{"ip", "-6", "route", "flush", "cache"}, ""},
		{ip, "link set br0 up\n"},
		{[]string{"conntrack", "-F"}, ""},
		{[]string{"conntrack", "-F"}, ""},
	}, batches([]string{"ip link add br0 type bridge", "ip link set br0 up", "bridge fdb flush dev br0", "ip link set br0 down",
		"ip -6 route flush cache", "ip link set br0 up", "conntrack -F", "conntrack -F"}))
	assert.Empty(t, batches(nil))
}
