package simulate_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/kernel"
)

// hostOf describes the node of the oracle.
func hostOf(t testing.TB, env kernel.Env) host.Host {
	h := host.Host{Sysctl: map[string]string{
		"net.ipv4.conf.all.send_redirects":     "0",
		"net.ipv4.conf.default.send_redirects": "0",
		"net.ipv4.route.redirect_load":         "-1",
		"net.ipv4.route.redirect_silence":      "-1",
	}}
	for k, v := range env.Sysctl {
		h.Sysctl[strings.ReplaceAll(k, "/", ".")] = v
	}
	h.Sockets = []host.Socket{} // nobody listens, nor for TPROXY
	h.Links = append(h.Links, host.Link{Name: "lo"})
	for i, f := range env.Interfaces {
		if f.Name == "lo" {
			continue
		}
		mac := fmt.Sprintf("02:00:00:00:00:%02x", i+1)
		if m, ok := env.MAC[f.Name]; ok {
			mac = m[0]
		}
		l := host.Link{Name: f.Name, Addrs: shown(f.Addrs), NoARP: true}
		var err error
		l.MAC, err = host.ParseMAC(mac)
		require.NoError(t, err)
		h.Links = append(h.Links, l)
	}
	for _, r := range env.Routes {
		route, err := host.ParseRoute(strings.TrimPrefix(r, "-4 "))
		require.NoError(t, err)
		h.Routes = append(h.Routes, route)
	}
	if len(env.Rules) > 0 {
		h.Rules = host.MustPolicyRules(env.Rules...)
	}
	return h
}

// shown puts addresses in the order of "ip addr", which lists the newest IPv6
// address first.
func shown(added []string) []host.Address {
	var v4, v6 []string
	for _, a := range added {
		if strings.Contains(a, ":") {
			v6 = append(v6, a)
		} else {
			v4 = append(v4, a)
		}
	}
	slices.Reverse(v6)
	return host.MustAddresses(append(v4, v6...)...)
}

// wireMAC returns the address of the neighbour behind a link.
func wireMAC(t testing.TB, env kernel.Env, name string) packet.MAC {
	for i, f := range env.Interfaces {
		if f.Name == name {
			text := fmt.Sprintf("02:ff:00:00:00:%02x", i+1)
			if m, ok := env.MAC[name]; ok {
				text = m[1]
			}
			m, err := host.ParseMAC(text)
			require.NoError(t, err)
			return m
		}
	}
	return packet.MAC{}
}

// load reads the rulesets of a case into a node.
func load(env host.Host, rules4, rules6 string) (*simulate.Node, error) {
	var rs []*netfilter.Ruleset
	for _, r := range []struct {
		text   string
		family netfilter.Family
	}{{rules4, netfilter.IPv4}, {rules6, netfilter.IPv6}} {
		if r.text == "" {
			continue
		}
		parsed, err := parser.ParseString(r.text, parser.Family(r.family))
		if err != nil {
			return nil, err
		}
		rs = append(rs, parsed)
	}
	return simulate.New(env, rs...)
}

// ask puts a packet of the oracle's to the simulator.
func ask(t testing.TB, s *simulate.Session, env kernel.Env, p kernel.Packet) *simulate.Result {
	pkt := packetOf(t, env, p)
	if p.In == "" {
		return s.Send(pkt)
	}
	return s.Receive(p.In, pkt)
}

// packetOf returns a packet of the oracle's as the simulator takes it.
func packetOf(t testing.TB, env kernel.Env, p kernel.Packet) netfilter.Packet {
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

// differences lists where the simulator says something else than the kernel.
func differences(want kernel.Answer, got *simulate.Result) []string {
	var d []string
	if got.Err != nil {
		return []string{"undecided: " + got.Err.Error()}
	}
	d = append(d, diffLines("trace", maskFragmentID(want.Trace), maskFragmentID(tracedLines(got)))...)
	d = append(d, diffLines("log", maskFragmentID(want.Log), maskFragmentID(got.Logs()))...)
	if !strings.EqualFold(want.Err, got.SendError) {
		d = append(d, fmt.Sprintf("sender: kernel %q, simulator %q", want.Err, got.SendError))
	}
	return append(d, diffLines("left", leftKernel(want, got), leftSimulator(got))...)
}

// fragmentID is the identification of an IPv6 fragment. It is the kernel's
// choice where a packet of the host's own is cut into pieces that come back by
// lo.
var fragmentID = regexp.MustCompile(`(IN=lo .* FRAG:\d+ (?:INCOMPLETE )?ID:)[0-9a-f]{8}`)

func maskFragmentID(lines []string) []string {
	out := slices.Clone(lines)
	for i := range out {
		out[i] = fragmentID.ReplaceAllString(out[i], "${1}x")
	}
	return out
}

// tracedLines are the lines of Trace, none for a packet no TRACE rule caught.
func tracedLines(r *simulate.Result) []string {
	if !slices.ContainsFunc(r.Steps, func(s simulate.Step) bool { return s.Traced }) {
		return nil
	}
	return r.Trace()
}

func diffLines(what string, want, got []string) []string {
	var d []string
	for i := range max(len(want), len(got)) {
		w, g := "-", "-"
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if w != g {
			d = append(d, fmt.Sprintf("%s %d:\n  kernel    %s\n  simulator %s", what, i+1, w, g))
		}
	}
	return d
}

// leftKernel and leftSimulator list what left the host in a comparable form.
// The identification, IPv6 flow label and time of the host's own packets are
// the kernel's choice.
func leftKernel(a kernel.Answer, r *simulate.Result) []string {
	var out []string
	for _, o := range a.Out {
		own := r.OutDev == o.Iface && identity(o.Wire) == identityOf(r.Packet) && !otherICMP(o.Wire, r.Packet.Wire())
		out = append(out, o.Iface+" "+comparable(o.Wire, own))
	}
	slices.Sort(out)
	return out
}

func leftSimulator(r *simulate.Result) []string {
	var out []string
	switch {
	case r.Fragments != nil:
		for _, p := range r.Fragments {
			out = append(out, r.OutDev+" "+comparable(p.Wire(), true))
		}
	case r.OutDev != "" && !kernel.Noise(r.Packet.Wire()):
		out = append(out, r.OutDev+" "+comparable(r.Packet.Wire(), true))
	}
	for _, a := range r.Answers {
		if a.Dev != "lo" {
			out = append(out, a.Dev+" "+comparable(a.Wire(), false))
		}
	}
	slices.Sort(out)
	return out
}

func identityOf(p netfilter.Packet) uint32 { return identity(p.Wire()) }

func identity(w []byte) uint32 {
	if w[0]>>4 == 6 {
		return binary.BigEndian.Uint32(w) & 0xfffff
	}
	return uint32(binary.BigEndian.Uint16(w[4:]))
}

// otherICMP tells an IPv4 answer apart that the kernel drew the packet's own
// identity for. Later fragments do not say what they are.
func otherICMP(answer, own []byte) bool {
	if answer[0]>>4 == 6 || answer[6]&0x1f != 0 || answer[7] != 0 || answer[9] != packet.ProtoICMP {
		return false
	}
	n, m := int(answer[0]&15)*4, int(own[0]&15)*4
	return own[9] != packet.ProtoICMP || len(answer) > n && len(own) > m && answer[n] != own[m]
}

func comparable(wire []byte, own bool) string {
	w := slices.Clone(wire)
	if w[0]>>4 == 6 && w[6] == 44 {
		clear(w[44:48]) // the identification of a fragment is the kernel's choice
	}
	if !own {
		if w[0]>>4 == 6 {
			binary.BigEndian.PutUint32(w, binary.BigEndian.Uint32(w)&^0xfffff)
		} else {
			w[4], w[5], w[10], w[11] = 0, 0, 0, 0
			if n := int(w[0]&15) * 4; w[9] == packet.ProtoICMP && w[n] == 14 {
				clear(w[n+2 : n+4])
				clear(w[n+12:])
			}
		}
	}
	return hex.EncodeToString(w)
}

// describe shows a packet for a failure.
func describe(p kernel.Packet) string {
	from := "local"
	if p.In != "" {
		from = p.In
	}
	pkt, _ := packet.Decode(p.Wire)
	return fmt.Sprintf("%s: proto %d %s > %s mark %#x %x", from, pkt.Proto(), netip.AddrPortFrom(pkt.Src(), pkt.SrcPort()),
		netip.AddrPortFrom(pkt.Dst(), pkt.DstPort()), p.Mark, p.Wire)
}
