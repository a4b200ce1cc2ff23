package netfilter

// ReportEngine is what extensions and hook functions say about the packet's path.
type ReportEngine interface {
	// Log writes the packet to the kernel log.
	Log(l LogConfig)
	// SetTrace turns the lines of the kernel's trace on or off for the packet
	// (struct sk_buff, nf_trace).
	SetTrace(on bool)
	// Assume notes that a fact decided which was not given, such as "the packet
	// came from no local socket"; it shows in the result with the rule.
	Assume(fact string)
	// Suppose is Assume for a fact whose opposite has other consequences. It
	// returns true, unless the path of a packet is followed both ways.
	Suppose(fact string) bool
	// Because says why a target dropped the packet, where its options do not tell;
	// it shows with the step of the rule.
	Because(why string)
	// Fail gives up on the packet: the answer would be a guess. The error says
	// why.
	Fail(err error)
	// Step adds a step to the packet's path, with the packet as it is now, and
	// returns its number for EndStep. It is called for a rule of a hook function
	// before it acts. If it returns false the path is longer than the session
	// allows: the function returns Drop at once.
	Step(s StepInfo) (n int, ok bool)
	// EndStep says how step n ended: Continue unless it is called. By then more may
	// be known of the step than when it began.
	EndStep(n int, s StepInfo, v Verdict)
	// DropStep takes step n back, the last one: a later condition of its rule did
	// not hold.
	DropStep(n int)
}

// LogConfig says how a packet is written to the kernel log (net/netfilter/
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

// StepInfo describes a step in the rules of a HookFunction. Its methods are called
// only when somebody reads the path; the value must not change meanwhile.
type StepInfo interface {
	// Kind says whether it is a rule, a policy or the end of a chain.
	Kind() StepInfoKind
	// Table returns the table as its ruleset names it, such as "inet filter".
	Table() string
	// Chain returns the name of the chain.
	Chain() string
	// Number returns the 1-based place in the chain; a policy or end counts as one
	// more.
	Number() int
	// Text returns the rule as its ruleset prints it.
	Text() string
}

// StepInfoKind is what a StepInfo is. The zero value is InfoRule.
type StepInfoKind uint8

// The kinds.
const (
	InfoRule StepInfoKind = iota
	InfoPolicy
	InfoReturn // the end of a chain without policy
)

// TraceInfo is implemented by a StepInfo whose kind of ruleset has a trace of its
// own beside that of xtables.
type TraceInfo interface {
	StepInfo
	// TraceLines appends the lines of the trace about the step.
	TraceLines(lines []string, t *TraceStep) []string
}

// TraceStep is what the trace tells of a step besides its rule.
type TraceStep struct {
	ID         uint32 // of the packet
	First      bool   // it is the first step of its hook function
	In, Out    string
	LinkHeader []byte
	After      *Packet // as the step left it
	Verdict    Verdict
	Next       string // chain of the step after it; "" for none
}
