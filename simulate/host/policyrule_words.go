package host

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
)

func parsePolicyRule(words []string) (r PolicyRule, err error) {
	if len(words) > 0 && (words[0] == "-6" || words[0] == "-4") {
		if words[0] == "-6" {
			r.Family = netfilter.IPv6
		}
		words = words[1:]
	}
	if len(words) > 0 && strings.HasSuffix(words[0], ":") {
		if r.Priority, err = parseUint32(strings.TrimSuffix(words[0], ":")); err != nil {
			return r, fmt.Errorf("priority: %w", err)
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return r, errors.New("empty")
	}
	for len(words) > 0 {
		if r.setFlag(words[0]) {
			words = words[1:]
			continue
		}
		if why, ok := refusedRuleWords[words[0]]; ok {
			return r, fmt.Errorf("%s: %s", words[0], why)
		}
		if len(words) < 2 {
			return r, fmt.Errorf("%q needs a value", words[0])
		}
		if err := r.setWord(words[0], words[1]); err != nil {
			return r, fmt.Errorf("%s: %w", words[0], err)
		}
		words = words[2:]
	}
	return r, nil
}

// refusedRuleWords are words of iproute2 that rules may not hold here.
var refusedRuleWords = map[string]string{
	"l3mdev":     "VRFs are not modelled",
	"tun_id":     "lightweight tunnels are not modelled",
	"nat":        "the kernel has not translated addresses by policy rules since Linux 2.6",
	"map-to":     "the kernel has not translated addresses by policy rules since Linux 2.6",
	"masquerade": "the kernel has not translated addresses by policy rules since Linux 2.6",
}

// setFlag takes a word that stands alone.
func (r *PolicyRule) setFlag(word string) bool {
	switch word = cmp.Or(actionNumbers[word], word); word {
	case "not":
		r.Not = true
	case "blackhole", "unreachable", "prohibit", "nop":
		r.Action = word
	case "[detached]", "[unresolved]": // follows from the links and rules there are
	default:
		return false
	}
	return true
}

func (r *PolicyRule) setWord(key, value string) (err error) {
	switch key {
	case "from":
		err = r.setPrefix(&r.From, value)
	case "to":
		err = r.setPrefix(&r.To, value)
	case "fwmark":
		mark, mask, masked := strings.Cut(value, "/")
		if r.FwMark, err = parseUint32(mark); err == nil && masked {
			r.FwMask, err = parseUint32(mask)
		}
	case "iif", "dev":
		r.In = value
	case "oif":
		r.Out = value
	case "tos", "dsfield":
		r.TOS, err = parseDSField(value)
	case "priority", "pref", "preference", "order":
		r.Priority, err = parseUint32(value)
	case "uidrange":
		r.UID, err = parseSpan(value)
	case "ipproto":
		r.IPProto, err = parseIPProto(value)
	case "sport":
		r.SrcPort, err = parseSpan(value)
	case "dport":
		r.DstPort, err = parseSpan(value)
	case "proto", "protocol": // who made the rule
	default:
		err = r.setAction(key, value)
	}
	return err
}

// setAction takes a word that says what to do with a packet.
func (r *PolicyRule) setAction(key, value string) (err error) {
	switch key {
	case "table", "lookup":
		if value == "[l3mdev-table]" {
			return errors.New(refusedRuleWords["l3mdev"])
		}
		r.Table, err = parseTable(value)
	case "goto":
		r.Action = "goto"
		r.Goto, err = parseUint32(value)
	case "type":
		if !r.setFlag(value) {
			err = fmt.Errorf("unknown action %q", value)
		}
	case "suppress_prefixlength", "suppress_prefixlen", "sup_pl":
		var n int
		if n, err = strconv.Atoi(value); err != nil || n < 0 {
			return fmt.Errorf("%q is not the length of a prefix", value)
		}
		r.SuppressPrefixLength = &n
	case "suppress_ifgroup", "sup_group":
		var n uint32
		n, err = parseGroup(value)
		r.SuppressGroup = cond.NewNumber(n)
	case "realms", "realm":
		r.Realm, err = parseRealms(value)
	default:
		err = errors.New("unknown word")
	}
	return err
}

// actionNumbers are the actions as "ip -N" prints them.
var actionNumbers = map[string]string{"6": "blackhole", "7": "unreachable", "8": "prohibit"}

func (r *PolicyRule) setPrefix(to *netip.Prefix, value string) error {
	p, err := parsePrefix(value, r.Family == netfilter.IPv6)
	if err != nil {
		return err
	}
	if p.Bits() == 0 && !strings.Contains(value, "/") {
		return nil // all
	}
	if *to = p.Masked(); p.Addr().Is6() {
		r.Family = netfilter.IPv6
	}
	return nil
}
