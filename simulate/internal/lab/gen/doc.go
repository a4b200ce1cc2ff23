// Package gen draws rulesets and packets from a seed, to be shown to the live
// kernel (package kernel) and to the simulator alike. Nothing but tests
// imports it.
//
// A [Case] is a ruleset that iptables-legacy-restore takes, with all packets
// traced, and a plan of packets. Some of the plan depends on what left the
// node before (replies, ICMP errors), so packets are drawn from it one by one:
//
//	c := gen.Random(seed, gen.Config{Family: 4})   // or Flow, Kube, LoadBalanced
//	node, err := kernel.Open(gen.Env())            // once for all cases
//	err = node.Load(c.Rules4, c.Rules6, c.Sets)
//	left := map[int][]kernel.Out{}
//	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
//		a, err := node.Send(p.Packet)
//		left[p.Step] = append(left[p.Step], a.Out...)
//		// compare a with what the simulator says about p
//	}
//
// The same seed and configuration give the same case, and the kernel gives the
// same answers to it every time, unless Case.Random says otherwise: rules that
// let the kernel throw dice are not drawn, and flows have ports of their own,
// for a masqueraded port that clashes is replaced by a random one.
//
// What a ruleset is made of is two lists of [Entry], matches and targets, that
// Config may extend. An extension of iptables is one line:
//
//	{Name: "ttl", Families: "4", Draw: Form("[!] --ttl-eq {1|63|64}", "--ttl-lt {1..255}")},
//
// Config.Favor has some of them drawn more often than the rest.
package gen
