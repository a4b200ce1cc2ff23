package parser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// services returns a ruleset in the manner of a Kubernetes node with n
// services, six rules each.
func services(n int) string {
	var chains, rules strings.Builder
	for i := range n {
		ip, port := fmt.Sprintf("10.%d.%d.%d", 96+i>>16&31, i>>8&255, i&255), 1024+i%60000
		name := fmt.Sprintf("ns-%d/svc-%d:http", i%10, i)
		fmt.Fprintf(&chains, ":SVC-%016X - [0:0]\n:SEP-%016X - [0:0]\n", i, i)
		fmt.Fprintf(&rules, "-A SERVICES -d %s/32 -p tcp -m comment --comment \"%s cluster IP\" -m tcp --dport %d -j SVC-%016X\n", ip, name, port, i)
		fmt.Fprintf(&rules, "-A SVC-%016X ! -s 10.244.0.0/16 -d %s/32 -p tcp -m comment --comment \"%s cluster IP\" -m tcp --dport %d -j MASQ\n", i, ip, name, port)
		fmt.Fprintf(&rules, "-A SVC-%016X -m comment --comment \"%s -> 10.244.1.5:8080\" -m statistic --mode random --probability 0.50000000000 -j SEP-%016X\n", i, name, i)
		fmt.Fprintf(&rules, "-A SVC-%016X -m comment --comment \"%s -> 10.244.1.6:8080\" -j SEP-%016X\n", i, name, i)
		fmt.Fprintf(&rules, "-A SEP-%016X -s 10.244.1.5/32 -m comment --comment \"%s\" -j MASQ\n", i, name)
		fmt.Fprintf(&rules, "-A SEP-%016X -p tcp -m comment --comment \"%s\" -m tcp -j DNAT --to-destination 10.244.1.5:8080\n", i, name)
	}
	return "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:MASQ - [0:0]\n:SERVICES - [0:0]\n" +
		chains.String() + "-A PREROUTING -j SERVICES\n-A OUTPUT -j SERVICES\n-A MASQ -j MARK --set-xmark 0x4000/0x4000\n" + rules.String() + "COMMIT\n"
}

// BenchmarkParse reads some 10,000 rules.
func BenchmarkParse(b *testing.B) {
	text := services(1667)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	rules := 0
	for b.Loop() {
		rs, err := parser.ParseString(text)
		if err != nil {
			b.Fatal(err)
		}
		rules = strings.Count(text, "\n-A ")
		_ = rs
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rules), "ns/rule")
}

// BenchmarkSave prints them again.
func BenchmarkSave(b *testing.B) {
	text := services(1667)
	rs, err := parser.ParseString(text)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var buf []byte
	for b.Loop() {
		buf = rs.AppendSave(buf[:0], netfilter.SaveOptions{})
	}
}

func BenchmarkParsePacket(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := parser.ParsePacket("eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn mark 0x1"); err != nil {
			b.Fatal(err)
		}
	}
}
