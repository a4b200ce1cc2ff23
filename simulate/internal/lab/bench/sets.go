package bench

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// SetKind is a set that a rule looks a packet up in.
type SetKind struct {
	Name    string
	typ     ipset.Type
	options ipset.Options
	dirs    string
	element func(i int) string
}

// Sets are the kinds that large sets have most often.
var Sets = []SetKind{
	{"hash:ip", ipset.HashIP, ipset.Options{}, "src", func(i int) string { return nth(i).String() }},
	{"hash:ip,counters", ipset.HashIP, ipset.Options{Counters: true}, "src", func(i int) string { return nth(i).String() }},
	{"hash:ip,timeouts", ipset.HashIP, ipset.Options{HasTimeout: true, Timeout: time.Hour}, "src", func(i int) string { return nth(i).String() }},
	{"hash:net,counters", ipset.HashNet, ipset.Options{Counters: true}, "src", func(i int) string { return nth(i).String() }},
	{"hash:ip,port,ip,counters", ipset.HashIPPortIP, ipset.Options{Counters: true}, "src,dst,dst",
		func(i int) string { return fmt.Sprintf("%s,tcp:64999,198.51.100.77", nth(i)) }},
}

// Node returns the host with a set of n entries and rules that look into it.
func (k SetKind) Node(n int) (*simulate.Node, error) {
	rs, err := parser.ParseString(fmt.Sprintf("*filter\n-A FORWARD -m set --match-set large %s -j ACCEPT\nCOMMIT\n", k.dirs))
	if err != nil {
		return nil, err
	}
	o := k.options
	o.MaxElem = uint32(n)
	set, err := ipset.New("large", k.typ, o)
	if err != nil {
		return nil, err
	}
	sets, err := ipset.NewSets([]*ipset.Set{set})
	if err != nil {
		return nil, err
	}
	for i := range n {
		r, err := ipset.ReadRequest(k.typ, netfilter.IPv4, ipset.Add, k.element(i))
		if err != nil {
			return nil, err
		}
		if err := sets.Add("large", r, false); err != nil {
			return nil, err
		}
	}
	h := Host()
	h.Links[0].Addrs = host.MustAddresses("10.0.0.1/8")
	h.Sets = sets.All()
	return simulate.New(h, rs)
}

// Packet returns one that is in the set by its last element.
func (k SetKind) Packet(n int) packet.Spec {
	s := Unmatched()
	s.Src = nth(n - 1)
	return s
}

// crowdAddr returns the address of a pod.
func crowdAddr(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 244, byte(i >> 8), byte(i)})
}
