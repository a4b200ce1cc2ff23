// Package host describes the machine that rules run on: its links and their
// addresses, routes, policy rules, sockets, IP sets and settings.
//
// A description is read from the texts that a machine prints ([Read],
// [ReadFiles]: "ip addr", "ip route" and "ip rule", with or without -json), from
// a few lines written by hand ([Parse]), or made as a value:
//
//	h := host.Host{
//		Links:  []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.7/24")}},
//		Routes: host.MustRoutes("default via 192.0.2.1"),
//	}
//
// Functions named Parse read a string, those named Read read what a machine
// printed, and those named Must panic where the others return an error.
// Whether the parts of a description fit together is checked by simulate.New.
package host
