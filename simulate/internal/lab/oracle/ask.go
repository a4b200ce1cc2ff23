package oracle

import (
	"fmt"
	"net/netip"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// Load reads the rulesets of a case into a node.
func Load(env host.Host, rules4, rules6 string) (*simulate.Node, error) {
	return LoadBoth(env, [2]string{rules4, rules6}, [2]string{})
}

// LoadBoth reads rulesets of iptables-legacy and of iptables-nft, by family, into a node.
func LoadBoth(env host.Host, legacy, nft [2]string) (*simulate.Node, error) {
	var rs []netfilter.Rules
	for b, texts := range [][2]string{netfilter.Legacy: legacy, netfilter.NFTables: nft} {
		for f, text := range texts {
			if text == "" {
				continue
			}
			parsed, err := parser.ParseString(text, parser.Family(netfilter.Family(f)), parser.Backend(netfilter.Backend(b)))
			if err != nil {
				return nil, err
			}
			rs = append(rs, parsed)
		}
	}
	return simulate.New(env, rs...)
}

// LoadableByNFT returns drawn rules without those that the kernel refuses of
// iptables-nft: that compare no bytes of an address.
func LoadableByNFT(rules string) string { return refusedOfNFT.ReplaceAllString(rules, "") }

var refusedOfNFT = regexp.MustCompile(`(?m)^-A .* ! -[sd] (0\.0\.0\.0|::)/0( .*)?\n`)

// Ask puts a packet of the oracle's to the simulator.
func Ask(t testing.TB, s *simulate.Session, env kernel.Env, p kernel.Packet) *simulate.Result {
	pkt := PacketOf(t, env, p)
	if p.In == "" {
		return s.Send(pkt)
	}
	return s.Receive(p.In, pkt)
}

// PacketOf returns a packet of the oracle's as the simulator takes it.
func PacketOf(t testing.TB, env kernel.Env, p kernel.Packet) netfilter.Packet {
	pkt, err := packet.Decode(p.Wire)
	require.NoError(t, err)
	if p.In == "" {
		pkt.Mark = p.Mark
		pkt.Socket = &packet.Socket{UID: p.UID, GID: p.GID, Raw: true}
		return pkt
	}
	pkt.SrcMAC = wireMAC(t, env, p.In)
	if p.SrcMAC != nil {
		copy(pkt.SrcMAC[:], p.SrcMAC)
	}
	copy(pkt.DstMAC[:], p.DstMAC)
	return pkt
}

// Describe shows a packet for a failure.
func Describe(p kernel.Packet) string {
	from := "local"
	if p.In != "" {
		from = p.In
	}
	pkt, _ := packet.Decode(p.Wire)
	return fmt.Sprintf("%s: proto %d %s > %s mark %#x %x", from, pkt.Proto(), netip.AddrPortFrom(pkt.Src(), pkt.SrcPort()),
		netip.AddrPortFrom(pkt.Dst(), pkt.DstPort()), p.Mark, p.Wire)
}

// KernelPacket is a packet as Send of the kernel's node takes it.
func KernelPacket(dev string, p netfilter.Packet) kernel.Packet {
	k := kernel.Packet{In: dev, Wire: p.Wire(), Mark: p.Mark}
	if p.Socket != nil {
		k.UID, k.GID = p.Socket.UID, p.Socket.GID
	}
	if p.SrcMAC != (packet.MAC{}) {
		k.SrcMAC = p.SrcMAC[:]
	}
	if p.DstMAC != (packet.MAC{}) {
		k.DstMAC = p.DstMAC[:]
	}
	return k
}
