package iptablestest

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
)

// formOf returns how an extension is listed, nil if its own form is not known. Matches and
// targets of one name differ in case.
func formOf(e netfilter.Extension) listForm {
	switch m := e.(type) {
	case *match.ICMP:
		return listICMP(" icmp", m.Type, m.MinCode, m.MaxCode)
	case *match.ICMP6:
		return listICMP(" ipv6-icmp", m.Type, m.MinCode, m.MaxCode)
	}
	if f := matchForms[e.Name()]; f != nil {
		return f
	}
	return targetForms[e.Name()]
}

// matchForms are the forms of the matches (iptables extensions/libxt_*.c, libipt_*.c,
// libip6t_*.c, the functions print).
var matchForms = map[string]listForm{
	"addrtype": header(" ADDRTYPE match", listAddrtype),
	"ah":       header(" ah ", each(map[string]string{"ahspi": "spi%r:%~%s", "ahlen": "length:%~%s", "ahres": " reserved"})),
	"bpf":      with(withoutCount, each(map[string]string{"bytecode": "match bpf %s\x00", "object-pinned": "match bpf pinned %s"})),
	"cgroup":   header(" cgroup", with(raw, each(map[string]string{"cgroup": "%! %s", "path": "%! %s"}))),
	"cluster": header(" cluster", each(map[string]string{
		"cluster-local-nodemask": " %~node_mask=%s", "cluster-total-nodes": " total_nodes=%s", "cluster-hash-seed": " hash_seed=%s"})),
	"comment":   with(raw, each(map[string]string{"comment": " /* %s */"})),
	"connbytes": each(map[string]string{"connbytes": "%! connbytes %s", "connbytes-mode": " connbytes mode %s", "connbytes-dir": " connbytes direction %s"}),
	"connlabel": with(raw, each(map[string]string{"label": " connlabel%! %s", "set": " set"})),
	"connlimit": listConnlimit,
	"connmark":  each(map[string]string{"mark": " connmark match %~ %s"}),
	"conntrack": each(map[string]string{
		"ctstate": "%! ctstate %s", "ctproto": "%! ctproto %s", "ctstatus": "%! ctstatus %s", "ctexpire": "%! ctexpire %s", "ctdir": " ctdir %s",
		"ctorigsrc": "%! ctorigsrc %s", "ctorigdst": "%! ctorigdst %s", "ctreplsrc": "%! ctreplsrc %s", "ctrepldst": "%! ctrepldst %s",
		"ctorigsrcport": "%! ctorigsrcport %s", "ctorigdstport": "%! ctorigdstport %s", "ctreplsrcport": "%! ctreplsrcport %s", "ctrepldstport": "%! ctrepldstport %s"}),
	"cpu":      each(map[string]string{"cpu": " cpu%! %s"}),
	"dccp":     header(" dccp", exceptAllPorts(with(numbered(dccpTypes), each(portForms(map[string]string{"dccp-types": "%! %s", "dccp-option": " option=%~%s"}))))),
	"devgroup": with(defaultGroup, each(map[string]string{"src-group": "%! src-group %s", "dst-group": "%! dst-group %s"})),
	"dscp":     header(" DSCP match ", each(map[string]string{"dscp": "%~%s"})),
	"dst":      header(" dst", each(map[string]string{"dst-len": " length:%~%s", "dst-opts": " opts %s"})),
	"ecn":      header(" ECN match", each(map[string]string{"ecn-tcp-ece": " %~ECE", "ecn-tcp-cwr": " %~CWR", "ecn-ip-ect": " %~ECT=%s"})),
	"esp":      header(" esp", each(map[string]string{"espspi": " spi%r:%~%s"})),
	"eui64":    header("eui64 ", each(nil)),
	"frag": header(" frag ", each(map[string]string{"fragid": "id%r:%~%s", "fraglen": " length:%~%s", "fragres": " reserved", "fragfirst": " first",
		"fragmore": " more", "fraglast": " last"})),
	"hashlimit": listHashlimit,
	"hbh":       header(" hbh", each(map[string]string{"hbh-len": " length:%~%s", "hbh-opts": " opts %s"})),
	"helper":    with(raw, each(map[string]string{"helper": ` helper match%! "%s"`})),
	"hl":        listTTL("HL", "hl"),
	"ipcomp":    header(" comp", each(map[string]string{"ipcompspi": " spi%r:%~%s", "compres": " reserved"})),
	"iprange":   each(map[string]string{"src-range": " source IP range%! %s", "dst-range": " destination IP range%! %s"}),
	"ipv6header": header(" ipv6header", with(headerBits, each(map[string]string{
		"header": " flags:%~%s", "soft": " soft"}))),
	"length":    each(map[string]string{"length": " length %~%s"}),
	"limit":     listLimit,
	"mac":       each(map[string]string{"mac-source": " MAC%! %s"}),
	"mark":      each(map[string]string{"mark": " mark match%! %s"}),
	"mh":        header(" mh", each(map[string]string{"mh-type": " %~%s"})),
	"multiport": listMultiport,
	"nfacct":    each(map[string]string{"nfacct-name": " nfacct-name  %s"}),
	"osf":       each(map[string]string{"genre": " OS fingerprint match%! %s", "ttl": "", "log": ""}),
	"owner": each(map[string]string{"uid-owner": "%! owner UID match %s", "gid-owner": "%! owner GID match %s", "socket-exists": "%! owner socket exists",
		"suppl-groups": " incl. suppl. groups"}),
	"physdev": header(" PHYSDEV match", each(map[string]string{
		"physdev-in": "%! --physdev-in %s", "physdev-out": "%! --physdev-out %s", "physdev-is-in": "%! --physdev-is-in",
		"physdev-is-out": "%! --physdev-is-out", "physdev-is-bridged": "%! --physdev-is-bridged"})),
	"pkttype":  each(map[string]string{"pkt-type": " PKTTYPE %~= %s"}),
	"policy":   listPolicy,
	"quota":    each(map[string]string{"quota": " quota: %s bytes"}),
	"realm":    with(defaultRealm, each(map[string]string{"realm": "%! realm %s"})),
	"recent":   ordered(listRecent, "set", "rcheck", "update", "remove", "seconds", "reap", "hitcount", "rttl", "name", "rsource", "rdest"),
	"rpfilter": header(" rpfilter", each(map[string]string{"loose": " loose", "validmark": " validmark", "accept-local": " accept-local", "invert": " invert"})),
	"rt": header(" rt", with(signedType, each(map[string]string{"rt-type": " type:%~%s", "rt-segsleft": " segsleft%r:%~%s", "rt-len": " length:%~%s",
		"rt-0-res": " reserved", "rt-0-addrs": " 0-addrs %s", "rt-0-not-strict": " 0-not-strict"}))),
	"sctp": header(" sctp", exceptAllPorts(with(chunkTypes, each(portForms(map[string]string{"chunk-types": "%! %s"}))))),
	"set": each(map[string]string{"match-set": "%! match-set %s", "return-nomatch": " return-nomatch", "update-counters": "%! update-counters",
		"update-subcounters": "%! update-subcounters", "packets-eq": "%! packets-eq %s", "packets-lt": " packets-lt %s", "packets-gt": " packets-gt %s",
		"bytes-eq": "%! bytes-eq %s", "bytes-lt": " bytes-lt %s", "bytes-gt": " bytes-gt %s"}),
	"socket": header(" socket", each(map[string]string{"transparent": " --transparent", "nowildcard": " --nowildcard", "restore-skmark": " --restore-skmark"})),
	"srh":    header(" srh", each(srhForms())),
	"state":  each(map[string]string{"state": "%! state %s"}),
	"statistic": header(" statistic", with(exceptFirst, each(map[string]string{
		"mode": " mode %s", "probability": "%! probability %s", "every": "%! every %s", "packet": "%s"}))),
	"string": header(" STRING match", listString),
	"tcp":    header(" tcp", listTCP),
	"tcpmss": each(map[string]string{"mss": " tcpmss match %~%s"}),
	"time":   ordered(listTime, "timestart", "timestop", "weekdays", "monthdays", "datestart", "datestop", "kerneltz", "contiguous"),
	"tos":    each(map[string]string{"tos": " tos match%~%s"}),
	"ttl":    listTTL("TTL", "ttl"),
	"u32":    header(" u32", each(map[string]string{"u32": "%! %s"})),
	"udp":    header(" udp", each(portForms(nil))),
}
