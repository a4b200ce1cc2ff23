package nfttext

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
	"github.com/packetpath/packetpath/netfilter/packet"
)

func (l *lister) object(o *nft.Object) {
	l.put("\t%s %s {", o.Kind(), o.Name)
	l.handle(o.Handle)
	l.put("\n")
	l.comment(o.Comment)
	switch v := o.Value.(type) {
	case *nft.Counter:
		if !l.Stateless {
			l.put("\t\tpackets %d bytes %d\n", v.Packets, v.Bytes)
		}
	case *nft.Quota:
		l.put("\t\t")
		l.Quota(v)
		l.put("\n")
	case *nft.Limit:
		l.put("\t\t")
		l.Limit(v, false)
		l.put("\n")
	case *nft.ConnLimit:
		l.put("\t\t")
		l.ConnLimit(v)
		l.put("\n")
	case *nft.CTHelper:
		l.put("\t\ttype \"%s\" protocol %s\n\t\tl3proto %s\n", v.Helper, packet.ProtocolName(v.L4Proto), v.L3Proto)
	case *nft.CTTimeout:
		l.put("\t\tprotocol %s\n\t\tl3proto %s\n\t\tpolicy = { %s }\n", packet.ProtocolName(v.L4Proto), v.L3Proto, l.timeouts(v))
	case *nft.CTExpectation:
		l.put("\t\tprotocol %s\n\t\tdport %d\n\t\ttimeout %s\n\t\tsize %d\n\t\tl3proto %s\n",
			packet.ProtocolName(v.L4Proto), v.DPort, syntax.FormatTime(v.Timeout), v.Size, v.L3Proto)
	case *nft.SecMark:
		l.put("\t\t\"%s\"\n", v.Context)
	case *nft.Synproxy:
		l.synproxy(v)
	case *nft.Tunnel:
		for _, s := range v.Lines {
			l.put("\t\t%s\n", s)
		}
	}
	l.put("\t}\n")
}

func (l *lister) timeouts(v *nft.CTTimeout) string {
	var out []string
	for _, p := range v.Policy {
		if l.Release >= Release117 {
			out = append(out, fmt.Sprintf("%s : %s", p.State, syntax.FormatTime(p.Timeout)))
		} else {
			out = append(out, fmt.Sprintf("%s : %d", p.State, int64(p.Timeout.Seconds())))
		}
	}
	return strings.Join(out, ", ")
}

func (l *lister) synproxy(v *nft.Synproxy) {
	if v.Flags&nft.SynproxyMSS != 0 {
		l.put("\t\tmss %d\n", v.MSS)
	}
	if v.Flags&nft.SynproxyWScale != 0 {
		l.put("\t\twscale %d\n", v.WScale)
	}
	var words []string
	if v.Flags&nft.SynproxyTimestamp != 0 {
		words = append(words, "timestamp")
	}
	if v.Flags&nft.SynproxySACK != 0 {
		words = append(words, "sack-perm")
	}
	if len(words) > 0 {
		l.put("\t\t%s\n", strings.Join(words, " "))
	}
}

func (l *lister) flowtable(f *nft.Flowtable) {
	l.put("\tflowtable %s {", f.Name)
	l.handle(f.Handle)
	l.put("\n\t\thook ingress priority %s\n", l.priority(f.Priority, nft.Ingress))
	if len(f.Devices) > 0 {
		l.put("\t\tdevices = { %s }\n", l.names(f.Devices))
	}
	if f.Offload {
		l.put("\t\tflags offload\n")
	}
	if f.Counter {
		l.put("\t\tcounter\n")
	}
	l.put("\t}\n")
}
