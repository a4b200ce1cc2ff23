// Package simtest is for the tests of those who write rulesets, or programs
// that write them.
//
//	func TestNode(t *testing.T) {
//		node := simtest.Load(t, simtest.Host(t, "link eth0 192.168.0.5/24; link cni0 10.244.1.1/24"), "testdata/node.rules")
//		simtest.Cases{
//			{"pod reaches dns", "cni0: udp 10.244.1.9:5000 > 10.96.0.10:53", simtest.ForwardedTo("10.244.0.2:53")},
//			{"nobody reaches etcd", "eth0: tcp 192.168.0.9:5000 > 192.168.0.5:2379", simtest.Dropped()},
//		}.Run(t, node)
//	}
//
// If the path of a packet depends on random choices, a want must hold on every branch,
// unless it is about probabilities (Chance, Evenly, Sometimes). A failure shows the path
// with the text of the rules, and the false condition of the rule that came closest to
// matching.
package simtest
