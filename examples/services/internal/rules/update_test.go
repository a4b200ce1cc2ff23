package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
)

// TestUpdateWritesWhatDiffers holds later texts to the least they need.
func TestUpdateWritesWhatDiffers(t *testing.T) {
	g, c := New(netfilter.IPv4), shop()
	first, err := g.Update(c)
	require.NoError(t, err)
	assert.Contains(t, first, "-A PREROUTING -j lb-services\n")

	text, err := g.Update(c)
	require.NoError(t, err)
	assert.Empty(t, text, "nothing has changed")

	web := offers(c, netfilter.IPv4)[0]
	gone, stays := web.endpointChain(web.endpoints[0]), web.endpointChain(web.endpoints[1])
	c.Services[0].Endpoints = c.Services[0].Endpoints[1:]
	text, err = g.Update(c)
	require.NoError(t, err)
	assert.Equal(t, strings.NewReplacer("WEB", web.chain(), "GONE", gone, "STAYS", stays).Replace(
		"*nat\n:WEB - [0:0]\n:GONE - [0:0]\n-A WEB -j STAYS\n-X GONE\nCOMMIT\n"), text)
}

func TestUpdateRefusesWhatCannotBeServed(t *testing.T) {
	g, c := New(netfilter.IPv4), shop()
	first, err := g.Update(c)
	require.NoError(t, err)
	c.Services[1].Addresses = c.Services[4].Addresses
	c.Services[1].Ports = []cluster.Port{{Protocol: "tcp", Port: 80, Target: 1}}
	_, err = g.Update(c)
	require.ErrorContains(t, err, `service "idle": tcp 10.96.0.66:80 belongs to service "dns"`)
	text, err := New(netfilter.IPv4).Update(shop())
	require.NoError(t, err)
	assert.Equal(t, first, text, "equal clusters have equal rules")
}

// TestNamesFit holds names of chains to the 28 characters that they can have.
func TestNamesFit(t *testing.T) {
	o := offers(shop(), netfilter.IPv4)[2]
	for _, name := range []string{o.chain(), "lb-out-" + digest(o.key()), o.endpointChain(o.endpoints[0])} {
		assert.LessOrEqual(t, len(name), 28, name)
	}
}
