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
// Where luck has a say, a want must hold on every way the packet can go, unless
// it is about luck itself (Chance, Evenly, Sometimes). A failure shows the path
// with the rules' own text and the condition by which the nearest other rule
// missed the packet.
package simtest
