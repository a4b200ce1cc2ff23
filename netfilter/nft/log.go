package nft

import "fmt"

// Special levels of Log: the default, and the one that writes to the audit log.
const (
	LogLevelWarn  = 4
	LogLevelAudit = 8
)

// Flags of Log (include/uapi/linux/netfilter/nf_log.h).
const (
	LogTCPSequence = 0x01
	LogTCPOptions  = 0x02
	LogIPOptions   = 0x04
	LogUID         = 0x08
	LogMACDecode   = 0x20
	LogAll         = LogTCPSequence | LogTCPOptions | LogIPOptions | LogUID | LogMACDecode
)

// Log logs the packet (nft_log.c): to the kernel log, or to a netlink log
// group.
type Log struct {
	Prefix         string
	ToGroup        bool // Group, Snaplen and QueueThreshold are used; otherwise Level and Flags
	Group          uint16
	Snaplen        uint32
	QueueThreshold uint16
	Level          uint32 // 0 to 8; 4 is nft's default
	Flags          uint32
}

// String implements Expr.
func (e *Log) String() string {
	s := "log"
	if e.Prefix != "" {
		s += " prefix " + e.Prefix
	}
	if e.ToGroup {
		return s + fmt.Sprintf(" group %d snaplen %d qthreshold %d", e.Group, e.Snaplen, e.QueueThreshold)
	}
	if e.Level != LogLevelWarn {
		s += fmt.Sprintf(" level %d", e.Level)
	}
	for _, f := range logFlagNames {
		if e.Flags&f.flag != 0 {
			s += " " + f.name
		}
	}
	return s
}

var logFlagNames = []struct {
	flag uint32
	name string
}{{LogTCPSequence, "tcpseq"}, {LogTCPOptions, "tcpopt"}, {LogIPOptions, "ipopt"}, {LogUID, "uid"}, {LogMACDecode, "macdecode"}}
