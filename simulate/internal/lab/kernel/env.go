package kernel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Env describes a node: its interfaces in order, what it is told about the
// world around, and its settings. It reads and writes the "env" objects of
// recorded cases. The zero Env is a node that has only lo.
type Env struct {
	Interfaces Interfaces `json:"interfaces"`
	// Routes and Rules are arguments of ip route add and ip rule add; for IPv6 if
	// one holds a colon or begins with "-6 ", but not with "-4 ".
	Routes   []string          `json:"routes,omitempty"`
	Rules    []string          `json:"rules,omitempty"`
	Commands []string          `json:"commands,omitempty"` // other commands, which run last
	Sysctl   map[string]string `json:"sysctl,omitempty"`   // by name with dots or slashes, over the defaults of Open
	// MAC holds the hardware address of an interface and that of its only
	// neighbour, both colon-separated. Interfaces not listed get
	// 02:00:00:00:00:NN and 02:ff:00:00:00:NN, NN counting from 1.
	MAC map[string][2]string `json:"mac,omitempty"`
}

// Interface is a device of the node with its addresses in CIDR form. All but
// lo become TAP devices.
type Interface struct {
	Name  string
	Addrs []string
}

// Interfaces is written as a JSON object whose order counts: interface indexes
// and hardware addresses follow it.
type Interfaces []Interface

// UnmarshalJSON reads {"eth0": ["192.0.2.1/24"], …} and keeps the order.
func (is *Interfaces) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("interfaces: want an object, have %v (%w)", t, err)
	}
	*is = nil
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return fmt.Errorf("interfaces: %w", err)
		}
		i := Interface{Name: t.(string)} // a key of an object is a string
		if err := dec.Decode(&i.Addrs); err != nil {
			return fmt.Errorf("interfaces: %s: %w", i.Name, err)
		}
		*is = append(*is, i)
	}
	return nil
}

// MarshalJSON writes the form that UnmarshalJSON reads.
func (is Interfaces) MarshalJSON() ([]byte, error) {
	b := []byte("{")
	for i, f := range is {
		if i > 0 {
			b = append(b, ',')
		}
		addrs := f.Addrs
		if addrs == nil {
			addrs = []string{}
		}
		name, err := json.Marshal(f.Name)
		if err != nil {
			return nil, err
		}
		list, err := json.Marshal(addrs)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), list...)
	}
	return append(b, '}'), nil
}

// hardware returns the node's and the wire's hardware address of interface
// number i, counted from 0.
func (e Env) hardware(i int) (node, wire string) {
	if m, ok := e.MAC[e.Interfaces[i].Name]; ok {
		return m[0], m[1]
	}
	return fmt.Sprintf("02:00:00:00:00:%02x", i+1), fmt.Sprintf("02:ff:00:00:00:%02x", i+1)
}

// commands returns what ip(8) has to be told in batch mode, IPv4 and links
// first, and apart from that the commands that need ip -6.
func (e Env) commands() (v4, v6 string) {
	var b4, b6 strings.Builder
	b4.WriteString("link set lo up\n")
	for i, f := range e.Interfaces {
		if f.Name != "lo" {
			node, _ := e.hardware(i)
			fmt.Fprintf(&b4, "link set %s address %s arp off\nlink set %s up\n", f.Name, node, f.Name)
		}
		for _, a := range f.Addrs {
			if strings.Contains(a, ":") {
				fmt.Fprintf(&b6, "addr add %s dev %s nodad\n", a, f.Name)
			} else {
				fmt.Fprintf(&b4, "addr add %s dev %s\n", a, f.Name)
			}
		}
	}
	for _, list := range []struct {
		object string
		args   []string
	}{{"route", e.Routes}, {"rule", e.Rules}} {
		for _, args := range list.args {
			short, six := strings.CutPrefix(args, "-6 ")
			short, four := strings.CutPrefix(short, "-4 ")
			b := &b4
			if six || !four && strings.Contains(args, ":") {
				b = &b6
			}
			fmt.Fprintf(b, "%s add %s\n", list.object, short)
		}
	}
	return b4.String(), b6.String()
}
