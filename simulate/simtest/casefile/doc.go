// Package casefile runs cases that are written in files, for people who write no
// Go. One call runs them all:
//
//	func TestCases(t *testing.T) { casefile.Run(t, "testdata/*.txtar") }
//
// A file is an archive of sections (the format of txtar): what a line "-- name
// --" begins goes to the next such line.
//
//	What the node does with its pods.
//
//	-- host --
//	link eth0 192.168.0.5/24
//	link cni0 10.244.1.1/24
//	route default via 192.168.0.1
//	-- rules --
//	*filter
//	-A FORWARD -i cni0 -p udp --dport 53 -j ACCEPT
//	COMMIT
//	-- packets --
//	# pods may ask for names
//	cni0: udp 10.244.1.9:5000 > 9.9.9.9:53
//		forwarded eth0: udp 10.244.1.9:5000 > 9.9.9.9:53 ttl 63 (filter:FORWARD:rule:1)
//
// The host is described as for simtest.Host; without it everything is forwarded.
// Section rules6 holds those of IPv6. Each packet of section packets is one of
// its own; those of section session go through one session in order, so that
// connections are known.
//
// The indented lines below a packet are its results, one for each branch, preceded by its
// probability if there are several: fate, link, packet and the rule that decided.
// "answer" lines are packets that the host sends in response. If one of the lines begins
// with TRACE, the lines of the kernel's trace are included.
//
// Nobody needs to write the indented lines: "go test -update" does. A package
// that imports this one has the flag -update and must not define it again.
package casefile
