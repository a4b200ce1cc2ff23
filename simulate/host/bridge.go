package host

// BridgePort holds the settings of a link as a port of a bridge, as "bridge -d link"
// shows them. The zero value holds the kernel's defaults.
type BridgePort struct {
	// Number is the number of the port (port_no in "ip -d link"), from 1 on. A bridge
	// floods to the port that was added last first, which has the highest number unless
	// ports were removed; 0 stands for the position of the link in Host.Links.
	Number int
	// State is the state of the port: "disabled", "blocking", "listening", "learning" or
	// "forwarding"; "" is forwarding if the link is up and has a carrier, else disabled.
	State string
	// Hairpin allows the bridge to send packets on the port on which they were received.
	Hairpin bool
	// Isolated keeps the bridge from passing packets between this port and others that
	// are isolated.
	Isolated bool
	// Locked drops packets whose sender is not known to be behind this port.
	Locked bool
	// NoLearning keeps the bridge from learning who is behind the port (learning off).
	NoLearning bool
	// NoFlood, NoMcastFlood and NoBcastFlood exclude the port from what the bridge
	// floods: packets for an unknown station, for a group, and for all stations.
	NoFlood, NoMcastFlood, NoBcastFlood bool
	// ProxyARP excludes the port from everything that the bridge floods (proxy_arp on).
	ProxyARP bool
	// NeighSuppress lets the bridge answer neighbour solicitations for stations behind
	// the port.
	NeighSuppress bool
}

// Bridge holds the settings of a link that is a bridge, as "ip -d link" shows them. The
// zero value holds the kernel's defaults.
type Bridge struct {
	// NoMcastSnooping floods packets for groups without looking for members
	// (mcast_snooping 0).
	NoMcastSnooping bool
	// McastQuerier makes the bridge ask for members of groups (mcast_querier 1), so that
	// packets for a group reach the ports of its members alone.
	McastQuerier bool
	// CallIPTables and CallIP6Tables pass packets of this bridge to the rules even if
	// net.bridge.bridge-nf-call-iptables or -ip6tables is 0.
	CallIPTables, CallIP6Tables bool
}
