package host_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/host"
)

// bridgeLinks are a bridge with two ports, with details of them and without.
const (
	bridgeLinks = `4: port1: <BROADCAST,MULTICAST,UP> mtu 1500 master cni0 state UNKNOWN group default
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff promiscuity 1
    tun type tap pi off vnet_hdr off persist off
    bridge_slave state forwarding priority 32 cost 2 hairpin on guard off learning on flood on isolated off locked off
5: port2: <BROADCAST,MULTICAST,UP> mtu 1500 master cni0 state UNKNOWN group default
    link/ether 02:00:00:00:00:04 brd ff:ff:ff:ff:ff:ff promiscuity 1
    bridge_slave state forwarding priority 32 cost 2 hairpin off guard off learning on flood on isolated on locked off
6: cni0: <BROADCAST,MULTICAST,UP> mtu 1500 state UP group default
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
    bridge forward_delay 1500 hello_time 200 vlan_filtering 0 mcast_snooping 1
`
	bridgePorts = `4: port1: <BROADCAST,MULTICAST,UP> mtu 1500 master cni0 state forwarding priority 32 cost 2
    hairpin on guard off root_block off fastleave off learning on flood on isolated off locked off
5: port2: <BROADCAST,MULTICAST,UP> mtu 1500 master cni0 state forwarding priority 32 cost 2
    hairpin off guard off root_block off fastleave off learning on flood on isolated on locked off
`
	bridgePortsJSON = `[{"ifindex":4,"ifname":"port1","flags":["UP"],"mtu":1500,"master":"cni0","state":"forwarding","priority":32,"cost":2,"hairpin":true,"isolated":false},
		{"ifindex":5,"ifname":"port2","flags":["UP"],"mtu":1500,"master":"cni0","state":"forwarding","priority":32,"cost":2,"hairpin":false,"isolated":true}]`
	bridgeLinksJSON = `[{"ifindex":4,"ifname":"port1","flags":["UP"],"mtu":1500,"master":"cni0","link_type":"ether","address":"02:00:00:00:00:03",
		"linkinfo":{"info_slave_kind":"bridge","info_slave_data":{"state":"forwarding","hairpin":true,"isolated":false}}},
		{"ifindex":5,"ifname":"port2","flags":["UP"],"mtu":1500,"master":"cni0","link_type":"ether","address":"02:00:00:00:00:04",
		"linkinfo":{"info_slave_kind":"bridge","info_slave_data":{"state":"forwarding","hairpin":false,"isolated":true}}}]`
)

// TestReadPorts reads the settings of ports of a bridge from all that shows them.
func TestReadPorts(t *testing.T) {
	bare := "4: port1: <UP> mtu 1500 master cni0\n5: port2: <UP> mtu 1500 master cni0\n"
	for _, texts := range [][]string{{bridgeLinks}, {bridgeLinksJSON}, {bare, bridgePorts}, {bare, bridgePortsJSON}} {
		var h host.Host
		var err error
		if len(texts) == 1 {
			h, err = host.Read(strings.NewReader(texts[0]))
		} else {
			h, err = host.Read(strings.NewReader(texts[0]), strings.NewReader(texts[1]))
		}
		require.NoError(t, err)
		assert.True(t, h.Links[0].Port.Hairpin)
		assert.False(t, h.Links[0].Port.Isolated)
		assert.False(t, h.Links[1].Port.Hairpin)
		assert.True(t, h.Links[1].Port.Isolated)
	}
	for _, c := range []struct{ text, says string }{
		{bridgePorts, "port port1: there is no such link yet"},
		{bridgePortsJSON, "port port1: there is no such link yet"},
		{strings.Replace(bridgeLinks, "vlan_filtering 0", "vlan_filtering 1", 1), "link cni0: bridges with vlan_filtering on are not modelled"},
	} {
		_, err := host.Read(strings.NewReader(c.text))
		assert.ErrorContains(t, err, c.says)
	}
	h := host.MustParse("link br0; link a master br0 hairpin locked nomcastflood; link b master br0 isolated noflood nobcastflood nolearning")
	assert.Equal(t, host.BridgePort{Hairpin: true, Locked: true, NoMcastFlood: true}, h.Links[1].Port)
	assert.Equal(t, host.BridgePort{Isolated: true, NoFlood: true, NoBcastFlood: true, NoLearning: true}, h.Links[2].Port)
	assert.True(t, h.Links[1].Port.Hairpin)
	assert.True(t, h.Links[2].Port.Isolated)
}

// TestReadBridgeSettings reads all settings of a port and of its bridge from what ip -d
// link prints, with and without -json.
func TestReadBridgeSettings(t *testing.T) {
	const text = `5: port2@if4: <BROADCAST,MULTICAST,UP> mtu 1500 master cni0 state UP group default
    link/ether 02:00:00:00:00:04 brd ff:ff:ff:ff:ff:ff
    bridge_slave state blocking priority 32 cost 2 hairpin on guard off root_block off fastleave off learning off flood off port_id 0x8002 port_no 0x2 proxy_arp on proxy_arp_wifi off mcast_flood off bcast_flood off neigh_suppress on isolated on locked on
6: cni0: <BROADCAST,MULTICAST,UP> mtu 1500 state UP group default
    link/ether 02:00:00:00:00:b0 brd ff:ff:ff:ff:ff:ff
    bridge forward_delay 1500 vlan_filtering 0 mcast_snooping 0 mcast_querier 1 nf_call_iptables 1 nf_call_ip6tables 1 nf_call_arptables 0
`
	const json = `[{"ifindex":5,"ifname":"port2","flags":["UP"],"mtu":1500,"master":"cni0","link_type":"ether","address":"02:00:00:00:00:04",
		"linkinfo":{"info_kind":"veth","info_slave_kind":"bridge","info_slave_data":{"state":"blocking","hairpin":true,"learning":false,"flood":false,"no":"0x2",
		"proxy_arp":true,"mcast_flood":false,"bcast_flood":false,"neigh_suppress":true,"isolated":true,"locked":true}}},
		{"ifindex":6,"ifname":"cni0","flags":["UP"],"mtu":1500,"link_type":"ether","address":"02:00:00:00:00:b0","linkinfo":{"info_kind":"bridge",
		"info_data":{"vlan_filtering":0,"bridge_id":"8000.0","hello_timer":0.00,"mcast_snooping":0,"mcast_querier":1,"nf_call_iptables":1,"nf_call_ip6tables":1}}}]`
	for _, shown := range []string{text, json} {
		h, err := host.Read(strings.NewReader(shown))
		require.NoError(t, err)
		assert.Equal(t, host.BridgePort{Number: 2, State: "blocking", Hairpin: true, Isolated: true, Locked: true, NoLearning: true, NoFlood: true,
			NoMcastFlood: true, NoBcastFlood: true, ProxyARP: true, NeighSuppress: true}, h.Links[0].Port)
		assert.Equal(t, host.Bridge{NoMcastSnooping: true, McastQuerier: true, CallIPTables: true, CallIP6Tables: true}, h.Links[1].Bridge)
	}
	_, err := host.Read(strings.NewReader(strings.Replace(text, "state blocking", "state resting", 1)))
	assert.ErrorContains(t, err, "the state of the port is resting: need disabled, blocking, listening, learning, forwarding")
	_, err = host.Read(strings.NewReader(strings.Replace(json, "blocking", "resting", 1)))
	assert.ErrorContains(t, err, "link port2: the state of the port is resting")
}
