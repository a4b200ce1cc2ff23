package source

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Names are the names of addresses and ports in a cluster.
type Names struct {
	services  map[endpoint]string
	nodePorts map[endpoint]string // without address
	pods      map[netip.Addr]string
	backends  map[string][]netip.AddrPort // by service and protocol
}

type endpoint struct {
	addr  netip.Addr
	port  uint16
	proto string
}

// object holds the fields of a service or an endpoint slice that are used.
type object struct {
	Kind     string
	Metadata struct {
		Name, Namespace string
		Labels          map[string]string
	}
	Spec struct {
		ClusterIP   string   `yaml:"clusterIP"`
		ClusterIPs  []string `yaml:"clusterIPs"`
		ExternalIPs []string `yaml:"externalIPs"`
		Ports       []struct {
			Name, Protocol string
			Port           uint16
			NodePort       uint16 `yaml:"nodePort"`
		}
	}
	Status struct {
		LoadBalancer struct {
			Ingress []struct {
				IP string `yaml:"ip"`
			}
		} `yaml:"loadBalancer"`
	}
	Endpoints []struct {
		Addresses  []string
		Conditions struct{ Ready *bool }
		TargetRef  struct{ Kind, Name, Namespace string } `yaml:"targetRef"`
	}
	Ports []struct {
		Name, Protocol string
		Port           uint16
	}
	Items []object
}

// add reads what kubectl prints of services and endpoint slices, as YAML or JSON,
// which is YAML too.
func (n *Names) add(p Part) error {
	d := yaml.NewDecoder(strings.NewReader(p.Text))
	for {
		var o object
		err := d.Decode(&o)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		n.addObject(&o)
	}
}

func (n *Names) addObject(o *object) {
	if n.services == nil {
		n.services, n.nodePorts, n.pods, n.backends = map[endpoint]string{}, map[endpoint]string{}, map[netip.Addr]string{}, map[string][]netip.AddrPort{}
	}
	for i := range o.Items {
		n.addObject(&o.Items[i])
	}
	switch o.Kind {
	case "Service":
		n.addService(o)
	case "EndpointSlice":
		n.addSlice(o)
	}
}

func (n *Names) addService(o *object) {
	addrs := append(slices.Clone(o.Spec.ClusterIPs), o.Spec.ClusterIP)
	addrs = append(addrs, o.Spec.ExternalIPs...)
	for _, i := range o.Status.LoadBalancer.Ingress {
		addrs = append(addrs, i.IP)
	}
	for _, port := range o.Spec.Ports {
		name := "service " + o.Metadata.Namespace + "/" + o.Metadata.Name
		if port.Name != "" {
			name += ":" + port.Name
		}
		for _, a := range addrs {
			if addr, err := netip.ParseAddr(a); err == nil {
				n.services[endpoint{addr, port.Port, proto(port.Protocol)}] = name
			}
		}
		if port.NodePort != 0 {
			n.nodePorts[endpoint{netip.Addr{}, port.NodePort, proto(port.Protocol)}] = name
		}
	}
}

func (n *Names) addSlice(o *object) {
	for _, e := range o.Endpoints {
		for _, a := range e.Addresses {
			addr, err := netip.ParseAddr(a)
			if err != nil {
				continue
			}
			if e.TargetRef.Name != "" {
				n.pods[addr] = strings.ToLower(e.TargetRef.Kind) + " " + e.TargetRef.Namespace + "/" + e.TargetRef.Name
			}
			for _, port := range o.Ports {
				service := "service " + o.Metadata.Namespace + "/" + o.Metadata.Labels["kubernetes.io/service-name"]
				if port.Name != "" {
					service += ":" + port.Name
				}
				if e.Conditions.Ready == nil || *e.Conditions.Ready {
					n.backends[service+" "+proto(port.Protocol)] = append(n.backends[service+" "+proto(port.Protocol)], netip.AddrPortFrom(addr, port.Port))
				}
			}
		}
	}
}

func proto(s string) string {
	if s == "" {
		return "tcp"
	}
	return strings.ToLower(s)
}

// Of returns what the cluster calls an address and port, "" if it has no name.
// local says that the address is the host's own, so that a port may be that of a
// service on every node.
func (n *Names) Of(protocol string, addr netip.Addr, port uint16, local bool) string {
	if name := n.services[endpoint{addr, port, protocol}]; name != "" {
		return name
	}
	if name := n.nodePorts[endpoint{netip.Addr{}, port, protocol}]; name != "" && local {
		return name + " by its node port"
	}
	return n.pods[addr]
}

// Backends returns the endpoints that are ready for a service, and whether the
// service has any that are known.
func (n *Names) Backends(service, protocol string) ([]netip.AddrPort, bool) {
	list, ok := n.backends[strings.TrimSuffix(service, " by its node port")+" "+protocol]
	return list, ok
}
