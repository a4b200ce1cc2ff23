package eval

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// logPacket writes the packet to the kernel log (net/netfilter/nft_log.c).
// Messages to a log group or to the audit system do not appear there.
type logPacket struct {
	config netfilter.LogConfig
	silent bool
}

func (e *logPacket) eval(m *machine) {
	if !e.silent {
		m.c.Engine.Log(e.config)
	}
}

func newLog(e *nft.Log) *logPacket {
	return &logPacket{
		config: netfilter.LogConfig{
			Level: uint8(e.Level), Prefix: e.Prefix, TCPSequence: e.Flags&nft.LogTCPSequence != 0, TCPOptions: e.Flags&nft.LogTCPOptions != 0,
			IPOptions: e.Flags&nft.LogIPOptions != 0, UID: e.Flags&nft.LogUID != 0, MACDecode: e.Flags&nft.LogMACDecode != 0,
		},
		silent: e.ToGroup || e.Level == nft.LogLevelAudit,
	}
}
