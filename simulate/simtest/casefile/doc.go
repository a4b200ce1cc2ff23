// Package casefile runs files of cases (package cases) as tests, for people who do not
// write Go. One call runs all of them:
//
//	func TestCases(t *testing.T) { casefile.Run(t, "testdata/*.txtar") }
//
// A file is an archive of sections (the format of txtar): a line "-- name --" begins a
// section, which ends before the next such line.
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
//		forwarded, to 9.9.9.9:53
//	cni0: udp 10.244.1.9:5000 > 9.9.9.9:53
//		forwarded eth0: udp 10.244.1.9:5000 > 9.9.9.9:53 ttl 63 (filter:FORWARD -i cni0 -p udp -m udp --dport 53 -j ACCEPT)
//
// The section host is described as for simtest.Host; without it the host forwards
// everything. The sections rules and rules6 are the rulesets of IPv4 and IPv6. A line
// "read FILE…" in these sections names files, relative to the directory of the case file:
// the output of ip in section host, and rulesets in the others. The sections packets and
// session contain the packets with their expected results, as the documentation of package
// cases describes.
//
// "go test -update" writes the complete results. Without the flag, a packet that has
// neither conditions nor a result fails in a section packets. A package that imports this
// one has the flag -update and must not define it again.
package casefile
