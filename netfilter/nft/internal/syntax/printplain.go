package syntax

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// plain writes a statement that is a single expression of the kernel.
func (p *Printer) plain(s *Plain) {
	switch x := s.Expr.(type) {
	case *nft.Counter:
		p.put("counter")
		if !p.Stateless {
			fmt.Fprintf(p, " packets %d bytes %d", x.Packets, x.Bytes)
		}
	case *nft.Limit:
		p.put("limit ")
		p.Limit(x, p.Release >= Release117)
	case *nft.Quota:
		p.put("quota ")
		p.Quota(x)
	case *nft.ConnLimit:
		p.put("ct count ")
		p.ConnLimit(x)
	case *nft.Last:
		p.put("last")
		if !p.Stateless {
			if x.Seen {
				p.put(" used ", FormatTime(x.Ago))
			} else {
				p.put(" used never")
			}
		}
	case *nft.Log:
		p.log(x)
	case *nft.Notrack:
		p.put("notrack")
	case *nft.Synproxy:
		p.put("synproxy")
		p.synproxy(x, " ")
	case *nft.FlowOffload:
		p.put("flow add @", x.Flowtable)
	case *nft.ExthdrReset:
		p.put("reset tcp option ")
		for _, o := range tcpOptions {
			if o.Type == x.Type {
				p.put(o.Name)
				return
			}
		}
		fmt.Fprintf(p, "%d", x.Type)
	}
}

// ConnLimit writes the arguments of "ct count".
func (p *Printer) ConnLimit(x *nft.ConnLimit) {
	if x.Over {
		p.put("over ")
	}
	fmt.Fprintf(p, "%d", x.Count)
}

// units of bytes, each 1024 times the previous one.
var byteUnits = [...]string{"bytes", "kbytes", "mbytes"}

// Scaled returns a number of bytes in the largest unit that fits exactly.
func Scaled(n uint64) (uint64, string) {
	i := 0
	for ; i < len(byteUnits)-1 && n != 0 && n%1024 == 0; i++ {
		n /= 1024
	}
	return n, byteUnits[i]
}

// Limit writes the arguments of "limit". The default burst is written if always is set.
func (p *Printer) Limit(x *nft.Limit, always bool) {
	p.put("rate ")
	if x.Over {
		p.put("over ")
	}
	if x.Bytes {
		n, unit := Scaled(x.Rate)
		fmt.Fprintf(p, "%d %s/%s", n, unit, x.UnitName())
		if x.Burst != 0 {
			n, unit := Scaled(uint64(x.Burst))
			fmt.Fprintf(p, " burst %d %s", n, unit)
		}
		return
	}
	fmt.Fprintf(p, "%d/%s", x.Rate, x.UnitName())
	if x.Burst != 0 && (x.Burst != 5 || always) {
		fmt.Fprintf(p, " burst %d packets", x.Burst)
	}
}

// Quota writes the arguments of "quota".
func (p *Printer) Quota(x *nft.Quota) {
	if x.Over {
		p.put("over ")
	}
	n, unit := Scaled(x.Bytes)
	fmt.Fprintf(p, "%d %s", n, unit)
	if x.Used != 0 && !p.Stateless {
		n, unit := Scaled(x.Used)
		fmt.Fprintf(p, " used %d %s", n, unit)
	}
}

func (p *Printer) log(x *nft.Log) {
	p.put("log")
	if x.Prefix != "" {
		p.put(` prefix "`, x.Prefix, `"`)
	}
	if x.ToGroup {
		fmt.Fprintf(p, " group %d", x.Group)
		if x.Snaplen != 0 {
			fmt.Fprintf(p, " snaplen %d", x.Snaplen)
		}
		if x.QueueThreshold != 0 {
			fmt.Fprintf(p, " queue-threshold %d", x.QueueThreshold)
		}
		return
	}
	if x.Level != 4 {
		name, _ := LogLevels.Text(uint64(x.Level))
		p.put(" level ", name)
	}
	p.logFlags(x.Flags)
}

func (p *Printer) logFlags(f uint32) {
	if f&nft.LogAll == nft.LogAll {
		p.put(" flags all")
		return
	}
	var tcp []string
	if f&nft.LogTCPSequence != 0 {
		tcp = append(tcp, "sequence")
	}
	if f&nft.LogTCPOptions != 0 {
		tcp = append(tcp, "options")
	}
	if len(tcp) > 0 {
		p.put(" flags tcp ", strings.Join(tcp, ","))
	}
	for _, w := range []struct {
		bit  uint32
		word string
	}{{nft.LogIPOptions, "ip options"}, {nft.LogUID, "skuid"}, {nft.LogMACDecode, "ether"}} {
		if f&w.bit != 0 {
			p.put(" flags ", w.word)
		}
	}
}

// synproxy writes parameters with sep before each.
func (p *Printer) synproxy(x *nft.Synproxy, sep string) {
	if x.Flags&nft.SynproxyMSS != 0 {
		fmt.Fprintf(p, "%smss %d", sep, x.MSS)
	}
	if x.Flags&nft.SynproxyWScale != 0 {
		fmt.Fprintf(p, " wscale %d", x.WScale)
	}
	if x.Flags&nft.SynproxyTimestamp != 0 {
		p.put(" timestamp")
	}
	if x.Flags&nft.SynproxySACK != 0 {
		p.put(" sack-perm")
	}
}
