package parser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// services returns the rules of a node with n services of two endpoints each, as
// kube-proxy writes them: eight rules a service, and three for all.
func services(n int) string {
	var chains, rules, last strings.Builder
	for i := range n {
		service(i, &chains, &rules, &last)
	}
	return "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:KUBE-SERVICES - [0:0]\n" +
		chains.String() + "-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n" +
		rules.String() + last.String() + "COMMIT\n"
}

// service writes the chains and rules of one service.
func service(i int, chains, rules, last *strings.Builder) {
	ip := fmt.Sprintf("10.%d.%d.%d", 96+i>>16&31, i>>8&255, i&255)
	name := fmt.Sprintf("ns-%d/svc-%d:http", i%10, i)
	fmt.Fprintf(chains, ":KUBE-SVC-%016X - [0:0]\n:KUBE-SEP-%015XA - [0:0]\n:KUBE-SEP-%015XB - [0:0]\n", i, i, i)
	fmt.Fprintf(rules, "-A KUBE-SERVICES -d %s/32 -p tcp -m comment --comment \"%s cluster IP\" -m tcp --dport 80 -j KUBE-SVC-%016X\n", ip, name, i)
	fmt.Fprintf(last, "-A KUBE-SVC-%016X ! -s 10.244.0.0/16 -d %s/32 -p tcp -m comment --comment \"%s cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ\n", i, ip, name)
	fmt.Fprintf(last, "-A KUBE-SVC-%016X -m comment --comment \"%s -> 10.244.1.5:8080\" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-%015XA\n", i, name, i)
	fmt.Fprintf(last, "-A KUBE-SVC-%016X -m comment --comment \"%s -> 10.244.1.6:8080\" -j KUBE-SEP-%015XB\n", i, name, i)
	for e, chain := range []string{fmt.Sprintf("KUBE-SEP-%015XA", i), fmt.Sprintf("KUBE-SEP-%015XB", i)} {
		fmt.Fprintf(last, "-A %s -s 10.244.1.%d/32 -m comment --comment \"%s\" -j KUBE-MARK-MASQ\n", chain, e+5, name)
		fmt.Fprintf(last, "-A %s -p tcp -m comment --comment \"%s\" -m tcp -j DNAT --to-destination 10.244.1.%d:8080\n", chain, name, e+5)
	}
}

// sizes are numbers of services: 803, 80,003 and 400,003 rules.
var sizes = []int{100, 10_000, 50_000}

func eachSize(b *testing.B, f func(b *testing.B, services int)) {
	for _, n := range sizes {
		b.Run(fmt.Sprintf("services=%d", n), func(b *testing.B) { f(b, n) })
	}
}

// BenchmarkParse reads rules and checks them.
func BenchmarkParse(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		text := services(n)
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parser.ParseString(text); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(8*n+3), "ns/rule")
	})
}

// BenchmarkCheck checks them again.
func BenchmarkCheck(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		rs := parsed(b, services(n))
		b.ReportAllocs()
		for b.Loop() {
			if err := rs.Check(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSave prints them.
func BenchmarkSave(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		text := services(n)
		rs := parsed(b, text)
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		var buf []byte
		for b.Loop() {
			buf = rs.AppendSave(buf[:0], netfilter.SaveOptions{})
		}
	})
}

// BenchmarkOnto adds a service to them and takes another one away, as a text for
// iptables-restore --noflush.
func BenchmarkOnto(b *testing.B) {
	eachSize(b, func(b *testing.B, n int) {
		base := parsed(b, services(n))
		text := oneService(n)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parser.ParseString(text, parser.Onto(base)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// oneService changes one of n services: its chains are written anew.
func oneService(n int) string {
	var chains, rules, last strings.Builder
	service(n/2, &chains, &rules, &last)
	return "*nat\n" + chains.String() + strings.ReplaceAll(last.String(), "10.244.1.", "10.244.2.") + "COMMIT\n"
}

func parsed(tb testing.TB, text string) *netfilter.Ruleset {
	rs, err := parser.ParseString(text)
	if err != nil {
		tb.Fatal(err)
	}
	return rs
}

func BenchmarkParsePacket(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := parser.ParsePacket("eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn mark 0x1"); err != nil {
			b.Fatal(err)
		}
	}
}
