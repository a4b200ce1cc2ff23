package sysctl_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/sysctl"
)

// TestDefaults holds that a host of which nothing is known forwards and has the
// kernel's defaults otherwise.
func TestDefaults(t *testing.T) {
	s, err := sysctl.Read(nil)
	require.NoError(t, err)
	assert.True(t, s.Forward4)
	assert.True(t, s.Forward6)
	assert.Equal(t, uint8(64), s.DefaultTTL)
	assert.Equal(t, sysctl.RedirectLimits{Load: 5, Number: 9, Silence: 5120}, s.Redirects)
	assert.False(t, s.EchoBroadcasts)
}

// TestLinks holds that links begin with what "default" says, in any order.
func TestLinks(t *testing.T) {
	s, err := sysctl.Read(map[string]string{"net.ipv4.conf.eth0.accept_local": "1", "net/ipv4/conf/default/rp_filter": " 2 ", "net.ipv4.conf.eth0.100.rp_filter": "1"})
	require.NoError(t, err)
	assert.Equal(t, fib.Sysctl{RPFilter: 2, AcceptLocal: true}, s.Link("eth0"))
	assert.Equal(t, uint8(1), s.Link("eth0.100").RPFilter, "names may hold dots")
	assert.Equal(t, fib.Sysctl{RPFilter: 2}, s.Link("eth1"))
	assert.Equal(t, fib.Sysctl{}, s.Link("all"))
}

// TestRefused holds the messages about what cannot be.
func TestRefused(t *testing.T) {
	for key, want := range map[string]string{
		"net.ipv4.ip_forward":           `sysctl net.ipv4.ip_forward: value "yes" is not a number`,
		"net.ipv4.nothing":              `sysctl net.ipv4.nothing: value "yes" is not a number`,
		"net.ipv4.conf.eth0.no_setting": `sysctl net.ipv4.conf.eth0.no_setting: value "yes" is not a number`,
	} {
		_, err := sysctl.Read(map[string]string{key: "yes"})
		assert.EqualError(t, err, want)
	}
	_, err := sysctl.Read(map[string]string{"net.ipv4.ip_default_ttl": "256"})
	assert.EqualError(t, err, "sysctl net.ipv4.ip_default_ttl: value 256 is out of range 1-255")
	_, err = sysctl.Read(map[string]string{"net.ipv4.conf.eth0.no_setting": "1"})
	assert.EqualError(t, err, "sysctl net.ipv4.conf.eth0.no_setting: not known here")
}
