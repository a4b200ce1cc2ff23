package target

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Log writes the packet to the kernel log; evaluation continues with the next
// rule (net/netfilter/xt_LOG.c, log_tg).
type Log struct{ Config netfilter.LogConfig }

const (
	defaultLogLevel = 4
	maxLogPrefix    = 29
)

// logLevels are the names of the syslog levels. Level 3 has only the deprecated
// name.
var logLevels = map[string]uint8{
	"emerg": 0, "panic": 0, "alert": 1, "crit": 2, "error": 3, "warning": 4, "notice": 5, "info": 6, "debug": 7,
}

var logDefinition = netfilter.Definition{
	Name:     "LOG",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Log{netfilter.LogConfig{Level: defaultLogLevel}} },
	Options: []netfilter.OptionDef{
		opt.LogPrefix("log-prefix", [...]int{maxLogPrefix, maxLogPrefix}, func(t *Log) *string { return &t.Config.Prefix }),
		{Name: "log-level", Args: 1, Set: netfilter.Into((*Log).setLevel)},
		logFlag("log-tcp-sequence", func(c *netfilter.LogConfig) *bool { return &c.TCPSequence }),
		logFlag("log-tcp-options", func(c *netfilter.LogConfig) *bool { return &c.TCPOptions }),
		logFlag("log-ip-options", func(c *netfilter.LogConfig) *bool { return &c.IPOptions }),
		logFlag("log-uid", func(c *netfilter.LogConfig) *bool { return &c.UID }),
		logFlag("log-macdecode", func(c *netfilter.LogConfig) *bool { return &c.MACDecode }),
	},
}

func logFlag(name string, field func(*netfilter.LogConfig) *bool) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Set: netfilter.Into(func(t *Log, _ *netfilter.Value) error {
		*field(&t.Config) = true
		return nil
	})}
}

func (t *Log) setLevel(v *netfilter.Value) error {
	if n, err := opt.Uint(v.Arg(), 0, 7); err == nil {
		t.Config.Level = uint8(n)
		return nil
	}
	level, ok := logLevels[v.Arg()]
	if !ok {
		return opt.Names{"emerg", "alert", "crit", "error", "warning", "notice", "info", "debug", "0-7"}.Unknown(v.Arg())
	}
	t.Config.Level = level
	return nil
}

// Definition returns the extension's definition.
func (t *Log) Definition() *netfilter.Definition { return &logDefinition }

// Name returns "LOG".
func (t *Log) Name() string { return "LOG" }

// AppendOptions appends the options that differ from their defaults.
func (t *Log) AppendOptions(b []byte) []byte {
	l := &t.Config
	if l.Prefix != "" {
		b = netfilter.AppendQuoted(opt.AppendOption(b, "log-prefix ", false), l.Prefix)
	}
	if l.Level != defaultLogLevel {
		b = strconv.AppendUint(opt.AppendOption(b, "log-level ", false), uint64(l.Level), 10)
	}
	for _, f := range [...]struct {
		name string
		on   bool
	}{
		{"log-tcp-sequence", l.TCPSequence}, {"log-tcp-options", l.TCPOptions}, {"log-ip-options", l.IPOptions},
		{"log-uid", l.UID}, {"log-macdecode", l.MACDecode},
	} {
		if f.on {
			b = opt.AppendOption(b, f.name, false)
		}
	}
	return b
}

// Apply logs the packet.
func (t *Log) Apply(c *netfilter.Context) netfilter.Verdict {
	c.Engine.Log(t.Config)
	return netfilter.Continue
}
