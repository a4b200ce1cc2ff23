package enginetest

import (
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Now implements netfilter.SessionEngine.
func (e *Engine) Now() time.Time { return e.Clock }

// Chance implements netfilter.SessionEngine.
func (e *Engine) Chance(p uint32) bool { return e.Drawn < p }

// Pick implements netfilter.SessionEngine.
func (e *Engine) Pick(n uint32) uint32 { return e.Drawn % max(n, 1) }

// Shared implements netfilter.SessionEngine.
func (e *Engine) Shared(key string, make func() netfilter.State) netfilter.State {
	if e.shared == nil {
		e.shared = map[string]netfilter.State{}
	}
	if _, ok := e.shared[key]; !ok && make != nil {
		e.shared[key] = make()
	}
	return e.shared[key]
}

// Ethernet implements netfilter.LinkEngine.
func (e *Engine) Ethernet() (src, dst packet.MAC) { return e.Frame.Src, e.Frame.Dst }

// FromEthernet implements netfilter.LinkEngine.
func (e *Engine) FromEthernet() bool { return e.Frame.Ethernet }

// LostEthernet implements netfilter.LinkEngine.
func (e *Engine) LostEthernet() bool { return e.Frame.Lost }

// LinkHeader implements netfilter.LinkEngine.
func (e *Engine) LinkHeader() (header []byte, known bool) { return e.Frame.Header, !e.Frame.Unknown }

// Link implements netfilter.LinkEngine.
func (e *Engine) Link(name string) (netfilter.LinkInfo, bool) {
	l, ok := e.Links[name]
	return l, ok
}

// LinkName implements netfilter.LinkEngine.
func (e *Engine) LinkName(index uint32) string {
	for name, l := range e.Links {
		if l.Index == index {
			return name
		}
	}
	return ""
}

// SetPacketType implements netfilter.LinkEngine.
func (e *Engine) SetPacketType(t netfilter.PacketType) { e.Packets = t }

// PacketType implements netfilter.LinkEngine.
func (e *Engine) PacketType() netfilter.PacketType { return e.Packets }

// AddrType implements netfilter.RouteEngine.
func (e *Engine) AddrType(a netip.Addr, _ string) netfilter.AddrType {
	if t, ok := e.Types[a]; ok {
		return t
	}
	return netfilter.AddrUnicast
}

// ReversePath implements netfilter.RouteEngine.
func (e *Engine) ReversePath(netfilter.ReversePath) bool { return e.Reverse }

// RouteLink implements netfilter.RouteEngine.
func (e *Engine) RouteLink(q netfilter.RouteQuery) string { return e.Way[q] }

// HasRoute implements netfilter.RouteEngine.
func (e *Engine) HasRoute() bool { return e.Hop.IsValid() }

// Gateway implements netfilter.RouteEngine.
func (e *Engine) Gateway() netip.Addr { return e.Hop }

// Realm implements netfilter.RouteEngine.
func (e *Engine) Realm() uint32 { return e.RealmID }

// PathMTU implements netfilter.RouteEngine.
func (e *Engine) PathMTU() int {
	if e.MTU == 0 {
		return 1500
	}
	return e.MTU
}

// MasqueradeAddr implements netfilter.RouteEngine.
func (e *Engine) MasqueradeAddr() (netip.Addr, bool) { return e.Own, e.Own.IsValid() }

// RedirectAddr implements netfilter.RouteEngine.
func (e *Engine) RedirectAddr() (netip.Addr, bool) { return e.Own, e.Own.IsValid() }

// Tuple implements netfilter.ConntrackEngine.
func (e *Engine) Tuple() (netfilter.Tuple, bool) {
	if e.TupleOf == nil || e.packet == nil {
		return netfilter.Tuple{}, false
	}
	return e.TupleOf(e.packet), true
}

// FindConn implements netfilter.ConntrackEngine.
func (e *Engine) FindConn(t netfilter.Tuple, _ uint16, _ netfilter.ZoneDirection) *netfilter.Conn {
	return e.Conns[t]
}

// Track implements netfilter.ConntrackEngine.
func (e *Engine) Track(t netfilter.TrackConfig) { e.Tracked = append(e.Tracked, t) }

// AssignTimeouts implements netfilter.ConntrackEngine.
func (e *Engine) AssignTimeouts(p *netfilter.TimeoutPolicy) { e.Timeouts = append(e.Timeouts, p) }

// SetupNAT implements netfilter.ConntrackEngine.
func (e *Engine) SetupNAT(m netfilter.Manip, r netfilter.NATRange) netfilter.Verdict {
	e.NAT = append(e.NAT, NATCall{m, r})
	return e.verdict()
}

// LocalSocket implements netfilter.SocketEngine.
func (e *Engine) LocalSocket() *packet.Socket { return e.Socket }

// AssignSocket implements netfilter.SocketEngine.
func (e *Engine) AssignSocket(a netip.Addr, port uint16) bool {
	e.Assigned = append(e.Assigned, netip.AddrPortFrom(a, port))
	return e.Socket != nil && e.Socket.Transparent
}

// Reject implements netfilter.OutputEngine.
func (e *Engine) Reject(w netfilter.RejectWith) { e.Rejected = append(e.Rejected, w) }

// ParameterProblem implements netfilter.OutputEngine.
func (e *Engine) ParameterProblem(offset uint32) { e.Problems = append(e.Problems, offset) }

// AnswerSYN implements netfilter.OutputEngine.
func (e *Engine) AnswerSYN(s netfilter.SynProxy) netfilter.Verdict {
	e.SynProxied = append(e.SynProxied, s)
	return e.verdict()
}

// Duplicate implements netfilter.OutputEngine.
func (e *Engine) Duplicate(gateway netip.Addr, out string) {
	e.Duplicates = append(e.Duplicates, DuplicateCall{gateway, out})
}

// Queue implements netfilter.OutputEngine.
func (e *Engine) Queue(first, last uint16, bypass bool) netfilter.Verdict {
	e.Queued = append(e.Queued, QueueCall{first, last, bypass})
	return e.verdict()
}

// MakeWritable implements netfilter.BufferEngine.
func (e *Engine) MakeWritable(n int) { e.Writable = append(e.Writable, n) }

// QuoteWritable implements netfilter.BufferEngine.
func (e *Engine) QuoteWritable(int) bool { return true }

// Log implements netfilter.ReportEngine.
func (e *Engine) Log(l netfilter.LogConfig) { e.Logs = append(e.Logs, l) }

// SetTrace implements netfilter.ReportEngine.
func (e *Engine) SetTrace(on bool) { e.Traced = on }

// Assume implements netfilter.ReportEngine.
func (e *Engine) Assume(fact string) { e.Assumptions = append(e.Assumptions, fact) }

// Suppose implements netfilter.ReportEngine.
func (e *Engine) Suppose(fact string) bool {
	e.Assume(fact)
	return !e.Doubts[fact]
}

// Because implements netfilter.ReportEngine.
func (e *Engine) Because(why string) { e.Reasons = append(e.Reasons, why) }

// Fail implements netfilter.ReportEngine.
func (e *Engine) Fail(err error) { e.Errors = append(e.Errors, err) }

// Step implements netfilter.ReportEngine.
func (e *Engine) Step(s netfilter.StepInfo) (n int, ok bool) {
	e.Steps = append(e.Steps, Step{Info: s})
	return len(e.Steps) - 1, true
}

// EndStep implements netfilter.ReportEngine.
func (e *Engine) EndStep(n int, s netfilter.StepInfo, v netfilter.Verdict) {
	if n >= 0 && n < len(e.Steps) {
		e.Steps[n] = Step{s, v}
	}
}

// DropStep implements netfilter.ReportEngine.
func (e *Engine) DropStep(n int) { e.Steps = e.Steps[:min(max(n, 0), len(e.Steps))] }
