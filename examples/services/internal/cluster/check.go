package cluster

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Check reports what is wrong with the cluster, all faults joined; nil if it
// can be served.
func (c *Cluster) Check() error {
	var errs []error
	for i, p := range c.PodNetworks {
		switch {
		case !p.IsValid() || p != p.Masked():
			errs = append(errs, fmt.Errorf("pod network %s: need a network such as 10.1.0.0/24", p))
		case slices.ContainsFunc(c.PodNetworks[:i], func(q netip.Prefix) bool { return q.Addr().Is4() == p.Addr().Is4() }):
			errs = append(errs, fmt.Errorf("pod network %s: there is another one of its family", p))
		}
	}
	errs = append(errs, checkAddrs("node address", c.NodeAddresses)...)
	for _, a := range c.NodeAddresses {
		if c.HasPod(a) {
			errs = append(errs, fmt.Errorf("node address %s: belongs to a pod network", a))
		}
	}
	for i := range c.Services {
		if err := c.Services[i].check(); err != nil {
			errs = append(errs, fmt.Errorf("service %q: %w", c.Services[i].Name, err))
		}
	}
	return errors.Join(append(errs, c.checkClaims()...)...)
}

// Limits of the rules.
const (
	maxName = 100   // bytes, so that a comment holds it with the port
	maxAge  = 86400 // seconds of affinity
)

// nameBytes are the characters of names, none of which has to be quoted.
const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

func (s *Service) check() error {
	var errs []error
	if s.Name == "" || len(s.Name) > maxName || strings.Trim(s.Name, nameBytes) != "" {
		errs = append(errs, fmt.Errorf("a name needs 1 to %d of the characters a-z, A-Z, 0-9, -, . and _", maxName))
	}
	if s.AffinitySeconds > maxAge {
		errs = append(errs, fmt.Errorf("affinity of %d seconds: at most a day (%d) is possible", s.AffinitySeconds, maxAge))
	}
	if len(s.Addresses) == 0 {
		errs = append(errs, errors.New("needs an address"))
	}
	if len(s.Addresses) > 1 && (len(s.Addresses) > 2 || s.Addresses[0].Is4() == s.Addresses[1].Is4()) {
		errs = append(errs, errors.New("needs one address of a family at most"))
	}
	errs = append(errs, checkAddrs("address", s.Addresses)...)
	errs = append(errs, checkAddrs("external address", s.ExternalAddresses)...)
	for _, a := range s.ExternalAddresses {
		if _, ok := s.Address(packet.FamilyOf(a)); !ok {
			errs = append(errs, fmt.Errorf("external address %s: the service has no address of this family", a))
		}
	}
	for _, p := range s.Ports {
		errs = append(errs, p.check()...)
	}
	addrs := make([]netip.Addr, len(s.Endpoints))
	for i, e := range s.Endpoints {
		addrs[i] = e.Address
	}
	return errors.Join(append(errs, checkAddrs("endpoint", addrs)...)...)
}

func (p Port) check() (errs []error) {
	if !slices.Contains([]string{"tcp", "udp", "sctp"}, p.Protocol) {
		errs = append(errs, fmt.Errorf("protocol %q: need tcp, udp or sctp", p.Protocol))
	}
	if p.Port == 0 || p.Target == 0 {
		errs = append(errs, errors.New("a port needs port and target"))
	}
	return errs
}

// checkAddrs refuses addresses that no packet goes to, and repetitions.
func checkAddrs(what string, addrs []netip.Addr) (errs []error) {
	for i, a := range addrs {
		switch {
		case !a.IsValid(), a.Zone() != "", a.Is4In6(), a.IsUnspecified(), a.IsLoopback(), a.IsMulticast():
			errs = append(errs, fmt.Errorf("%s %s: need the address of one host", what, a))
		case slices.Contains(addrs[:i], a):
			errs = append(errs, fmt.Errorf("%s %s is given twice", what, a))
		}
	}
	return errs
}
