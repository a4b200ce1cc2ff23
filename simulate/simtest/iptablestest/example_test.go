package iptablestest_test

import (
	"context"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// A program that runs commands is given Exec in place of os/exec.
func ExampleHost_Exec() {
	h := iptablestest.New(host.MustParse("link eth0 192.0.2.7/24"))
	for range 2 {
		_, stderr, status := h.Exec(context.Background(), "iptables", []string{"-N", "web"}, nil)
		fmt.Printf("%d %q\n", status, stderr)
	}
	// Output:
	// 0 ""
	// 1 "iptables: Chain already exists.\n"
}

// A program that uses go-iptables is given the same methods.
func ExampleHost_Tables() {
	h := iptablestest.New(host.Host{})
	ipt := h.Tables(netfilter.IPv4)
	_ = ipt.AppendUnique("nat", "POSTROUTING", "-o", "eth0", "-j", "MASQUERADE")
	list, _ := ipt.List("nat", "POSTROUTING")
	for _, l := range list {
		fmt.Println(l)
	}
	// Output:
	// -P POSTROUTING ACCEPT
	// -A POSTROUTING -o eth0 -j MASQUERADE
}
