// Package kernel asks the running Linux kernel what it does with a packet, so
// that tests can hold the simulator to it. Nothing but tests imports it.
//
// A [Node] is a network namespace whose interfaces are TAP devices with ARP
// off: packets are injected and captured without a second host. Every ruleset
// it loads should begin with
//
//	*raw
//	-A PREROUTING -j TRACE
//	-A OUTPUT -j TRACE
//
// for then the kernel's own TRACE log, read from /dev/kmsg, says which rules a
// packet met, and the TAPs say what left the node:
//
//	if err := kernel.Available(); err != nil {
//		t.Skip(err)
//	}
//	node, err := kernel.Open(env)
//	…
//	defer node.Close()
//	err = node.Load(rules4, rules6, "")       // *kernel.RefusedError: a tool said no
//	answer, err := node.Send(kernel.Packet{In: "eth0", Wire: wire})
//	// answer.Trace, answer.Log, answer.Out, answer.Err
//
// Send is synchronous: writing a frame to a TAP, or a packet to a raw socket,
// runs the packet's whole path, the host's own answers among it, before the
// call returns. A packet with its log of some ten lines takes about 0.05 ms,
// which is why there is no batch mode.
//
// Log lines carry no namespace. They are tied to a packet by the identifier in
// its IP header (IPv6: its flow label), which the caller must make unique and
// must not leave zero; see [Answer]. The log is one for the whole machine, and
// nodes of all processes take turns on it, so Send may wait for another one.
//
// A namespace is a property of an operating system thread. Each one here is
// kept by a locked goroutine of its own that runs the tools; this is hidden
// from the caller, who may use a Node from any one goroutine at a time.
//
// [Restorer] answers the parser's questions: what iptables-save prints after a
// restore, and what the tool says when it refuses.
package kernel
