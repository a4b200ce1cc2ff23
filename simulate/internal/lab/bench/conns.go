package bench

import (
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// Masquerade is a ruleset that hides pods behind the node's address.
const Masquerade = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
`

// Closed is a ruleset that tracks connections and accepts none to the node itself.
const Closed = `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
`

// ToNode returns a packet to the node itself.
func ToNode() packet.Spec {
	return packet.Spec{Src: client, SrcPort: 40000, Dst: nodeAddr, DstPort: 53, Proto: packet.ProtoUDP}
}

// Endpoints returns the rules of one service of n endpoints, each as likely.
func Endpoints(n int) string {
	var chains, svc, seps strings.Builder
	for i := range n {
		fmt.Fprintf(&chains, ":SEP-%d - [0:0]\n", i)
		random := fmt.Sprintf("-m statistic --mode random --probability %.11f ", 1/float64(n-i))
		if i == n-1 {
			random = ""
		}
		fmt.Fprintf(&svc, "-A SVC %s-j SEP-%d\n", random, i)
		fmt.Fprintf(&seps, "-A SEP-%d -p tcp -m tcp -j DNAT --to-destination %s:8080\n", i, crowdAddr(i+16))
	}
	return "*nat\n:PREROUTING ACCEPT [0:0]\n:SVC - [0:0]\n" + chains.String() +
		"-A PREROUTING -d 10.96.0.0/32 -p tcp -m tcp --dport 80 -j SVC\n" + svc.String() + seps.String() + "COMMIT\n"
}

// portsPerPod is how many connections a pod has open.
const portsPerPod = 1000

// ConnPacket returns a later segment of the connection number i of Conns.
func ConnPacket(i int) packet.Spec {
	return packet.Spec{Src: crowdAddr(16 + i/portsPerPod), SrcPort: uint16(20000 + i%portsPerPod),
		Dst: farAddr(i / 40000), DstPort: 443, Flags: packet.ACK, Seq: 1, Ack: 1}
}

// farAddr returns the address of a server.
func farAddr(i int) netip.Addr { return netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)}) }

// Conns returns n open connections from pods to servers as conntrack -L prints
// them, each with a source port of its own.
func Conns(n int) io.Reader {
	var b strings.Builder
	for i := range n {
		s := ConnPacket(i)
		fmt.Fprintf(&b, "tcp      6 431999 ESTABLISHED src=%s dst=%s sport=%d dport=443 src=%s dst=%s sport=443 dport=%d [ASSURED] mark=0 use=1\n",
			s.Src, s.Dst, s.SrcPort, s.Dst, nodeAddr, 20000+i%40000)
	}
	return strings.NewReader(b.String())
}

// SamePortPacket returns the SYN of client number i: all have the same source
// port and ask the same server.
func SamePortPacket(i int) packet.Spec {
	return packet.Spec{Src: crowdAddr(16 + i), SrcPort: 40000, Dst: farAddr(0), DstPort: 443, Flags: packet.SYN}
}
