package bridge

import "github.com/packetpath/packetpath/simulate/host"

// Port is a port of a bridge.
type Port struct {
	*host.Link
	number int
}

// State returns the state of the port, as host.BridgePort.State names it.
func (p *Port) State() string {
	switch {
	case p.Link.Port.State != "":
		return p.Link.Port.State
	case p.Down || p.NoCarrier:
		return "disabled"
	}
	return "forwarding"
}

// Receives reports whether the port takes frames at all (net/bridge/br_input.c,
// br_handle_frame).
func (p *Port) Receives() bool { return p.State() == "forwarding" || p.State() == "learning" }

// WhyNot returns why a frame that came in by the port from does not leave by p; "" if it
// does (net/bridge/br_forward.c, should_deliver).
func (p *Port) WhyNot(from *Port) string {
	switch {
	case p == from && !from.Link.Port.Hairpin:
		return "the bridge does not send the packet back by the port it came in by, " + from.Name + ", which is not in hairpin mode"
	case p.State() != "forwarding":
		return "the port " + p.Name + " of the bridge is " + p.State()
	case p.Link.Port.Isolated && from.Link.Port.Isolated:
		return "the bridge passes nothing between isolated ports, " + from.Name + " and " + p.Name
	}
	return ""
}
