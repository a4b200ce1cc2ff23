package netfilter

// ReportEngine lets extensions and hook functions report on the packet's path.
type ReportEngine interface {
	// Log writes the packet to the kernel log.
	Log(l LogConfig)
	// SetTrace turns tracing of the packet on or off (struct sk_buff, nf_trace).
	SetTrace(on bool)
	// Assume records that the outcome depends on a fact that was not given, such as
	// "the packet came from no local socket". The result lists it with the rule.
	Assume(fact string)
	// Suppose is like Assume, for a fact whose opposite leads to a different
	// outcome. It returns true, except where both alternatives of the packet's path
	// are explored.
	Suppose(fact string) bool
	// Because records the reason why a target dropped the packet, where its options
	// do not show it. It is reported with the step of the rule.
	Because(why string)
	// Fail aborts the evaluation of the packet with an error, because its outcome
	// cannot be determined.
	Fail(err error)
	// Step adds a step to the packet's path, with the packet as it is now, and
	// returns its number for EndStep. It is called for a rule of a hook function
	// before it acts. If it returns false the path is longer than the session
	// allows: the function returns Drop at once.
	Step(s StepInfo) (n int, ok bool)
	// EndStep reports how step n ended: Continue unless it is called. By then more may
	// be known of the step than when it began.
	EndStep(n int, s StepInfo, v Verdict)
	// DropStep removes step n, which must be the last one, because a later
	// condition of its rule did not hold.
	DropStep(n int)
}

// LogConfig determines how a packet is written to the kernel log (net/netfilter/
// nf_log_syslog.c). The zero value is level 0 without prefix.
type LogConfig struct {
	Level       uint8  // syslog level, 0 to 7
	Prefix      string // up to 29 bytes
	TCPSequence bool   // --log-tcp-sequence
	TCPOptions  bool   // --log-tcp-options
	IPOptions   bool   // --log-ip-options
	UID         bool   // --log-uid
	MACDecode   bool   // --log-macdecode
}

// StepInfo describes a step in the rules of a HookFunction. Its methods are
// called only when the path is read; the value must not change until then.
type StepInfo interface {
	// Kind returns whether it is a rule, a policy or the end of a chain.
	Kind() StepInfoKind
	// Table returns the table as its ruleset names it, such as "inet filter".
	Table() string
	// Chain returns the name of the chain.
	Chain() string
	// Number returns the 1-based position in the chain; a policy or the end of the
	// chain comes after the last rule.
	Number() int
	// Text returns the rule as its ruleset prints it.
	Text() string
}

// StepInfoKind is the kind of a StepInfo. The zero value is InfoRule.
type StepInfoKind uint8

// The kinds.
const (
	InfoRule StepInfoKind = iota
	InfoPolicy
	InfoReturn // the end of a chain without policy
)

// TraceInfo is implemented by a StepInfo whose kind of ruleset has a trace
// format of its own, as nftables has.
type TraceInfo interface {
	StepInfo
	// TraceLines appends the lines of the trace about the step.
	TraceLines(lines []string, t *TraceStep) []string
}

// TraceStep holds what the trace of a step contains besides its rule.
type TraceStep struct {
	ID         uint32 // of the packet
	First      bool   // the step is the first of its hook function
	In, Out    string
	LinkHeader []byte
	After      *Packet // the packet after the step
	Verdict    Verdict
	Next       string // chain of the step after it; "" for none
}
