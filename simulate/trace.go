package simulate

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/machine"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
)

// TraceOption changes the form of Trace.
type TraceOption uint8

// BeforeLinux57 prints POSTROUTING as kernels before 5.7 do: with an empty IN
// and no MAC (commit "netfilter: Pass the in device to POST_ROUTING hook").
const BeforeLinux57 TraceOption = 1

// Trace returns the lines that the kernel logs for a traced packet, without the prefix
// "TRACE: ": those of all steps after the TRACE rule that matched. If none matched, it
// returns the lines of the whole path, as if the first rule were a TRACE rule. Lines of
// copies made by TEE or by a bridge are included. For rules of nftables it returns the output of "nft
// monitor trace", with a generated trace identifier. It returns nil if the session
// records no paths.
func (r *Result) Trace(opts ...TraceOption) []string {
	if r.path.brief.on {
		return nil
	}
	old := false
	for _, o := range opts {
		old = old || o == BeforeLinux57
	}
	var lines []string
	copies := r.log.copies
	for i := range r.Steps {
		for len(copies) > 0 && copies[0].step < i {
			lines = append(lines, copies[0].res.Trace(opts...)...)
			copies = copies[1:]
		}
		s := &r.Steps[i]
		label := s.label()
		if label == "" || r.log.traced && !s.Traced || s.version >= len(r.path.versions) {
			continue
		}
		if s.info != nil {
			lines = r.monitorLines(lines, i)
			continue
		}
		in := s.In
		if old && s.Hook == netfilter.Postrouting {
			in = ""
		}
		m := r.logMeta(s.Hook, in, s.Out, s.version)
		lines = append(lines, string(nflog.AppendTrace(nil, s.Table, s.Chain, label, s.Number, &r.path.versions[s.version], &m)))
	}
	for _, c := range copies {
		lines = append(lines, c.res.Trace(opts...)...)
	}
	return lines
}

// logMeta returns the link fields of a log line at a hook. The length of the link header
// is that of the packet's device (dev->hard_header_len), which at POSTROUTING is the
// output device (net/netfilter/nf_log_syslog.c, dump_mac_header).
func (r *Result) logMeta(h netfilter.Hook, in, out string, version int) nflog.Meta {
	m := nflog.Meta{In: in, Out: out, PhysIn: r.path.versions[version].PhysIn, PhysOut: r.path.versions[version].PhysOut}
	for i := range r.log.links {
		if l := &r.log.links[i]; in != "" && l.name == in {
			m.Link, m.DstMAC = l.kind, l.mac
			m.SrcMAC = r.path.versions[version].SrcMAC
			if d := r.path.versions[version].DstMAC; d != (packet.MAC{}) {
				m.DstMAC = d
			}
		}
	}
	if h == netfilter.Postrouting && r.log.bareOut && m.Link != nflog.Bare {
		m.Link = nflog.Bare
	}
	return m
}

// logRecord holds the data for the lines of LOG and TRACE rules.
type logRecord struct {
	traced  bool // a TRACE rule matched the packet
	bareOut bool // the output link has no link-layer header
	links   []linkMeta
	entries []logEntry
	copies  []copyAt // made by TEE or by a bridge, in order
}

// trace records that a TRACE rule matched the packet.
func (l *logRecord) trace() { l.traced = true }

// inherit starts the record of a copy that a bridge made of the packet with the record of.
func (l *logRecord) inherit(of *logRecord) { l.links = append(l.links, of.links...) }

// loseHeader records that the packet has no header of its latest link, as a loopback copy.
func (l *logRecord) loseHeader() { l.links[len(l.links)-1].kind = nflog.Headless }

// logEntry is one line of a LOG rule.
type logEntry struct {
	config  netfilter.LogConfig
	hook    netfilter.Hook
	in, out string
	version int
}

// linkMeta holds the fields of a log line that depend on the input link.
type linkMeta struct {
	name string
	kind nflog.Link
	mac  packet.MAC
}

// arrivedBy records the input link for the log lines.
func (tr *transit) arrivedBy(l *machine.Link) {
	m := linkMeta{name: l.Name, kind: nflog.Ethernet, mac: l.MAC}
	switch {
	case l.Loopback:
		m.kind = nflog.Loopback
	case l.NoHeader:
		m.kind = nflog.Bare
	}
	tr.res.log.links = append(tr.res.log.links, m)
}

// monitorLines appends the trace lines of a step of a ruleset other than xtables.
func (r *Result) monitorLines(lines []string, i int) []string {
	s := &r.Steps[i]
	info, ok := s.info.(netfilter.TraceInfo)
	if !ok {
		return lines
	}
	t := netfilter.TraceStep{ID: crc32.ChecksumIEEE(r.path.versions[0].Wire()), First: r.firstOfFunction(i), In: s.In, Out: s.Out,
		LinkHeader: r.linkHeader(s), After: &r.path.versions[s.after], Verdict: s.Verdict}
	if i+1 < len(r.Steps) {
		t.Next = r.Steps[i+1].Chain
	}
	return info.TraceLines(lines, &t)
}

// firstOfFunction reports whether a step is the first traced step of its hook function.
func (r *Result) firstOfFunction(i int) bool {
	for j := i - 1; j >= 0 && !r.Steps[j].endsFunction(r.Steps[i].Hook); j-- {
		if !r.log.traced || r.Steps[j].Traced {
			return false
		}
	}
	return true
}

// endsFunction reports whether the step is the last one of its hook function at a hook.
func (s *Step) endsFunction(h netfilter.Hook) bool {
	return s.info == nil || s.Hook != h || s.Kind == StepPolicy || s.Verdict != netfilter.Continue && s.Verdict != netfilter.Return
}

// linkHeader returns the link layer header of the packet as a step saw it; nil for
// none.
func (r *Result) linkHeader(s *Step) []byte {
	m := r.logMeta(s.Hook, s.In, s.Out, s.version)
	if s.In == "" || m.Link != nflog.Ethernet && m.Link != nflog.Loopback {
		return nil
	}
	h := make([]byte, 12, 14)
	if m.Link == nflog.Ethernet {
		copy(h, m.DstMAC[:])
		copy(h[6:], m.SrcMAC[:])
	}
	return binary.BigEndian.AppendUint16(h, r.path.versions[s.version].Family().EtherType())
}
