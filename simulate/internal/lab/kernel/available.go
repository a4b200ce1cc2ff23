package kernel

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// logAllNamespaces lets LOG and TRACE speak outside the first network
// namespace (net/netfilter/nf_log.c); only that one has the file.
const logAllNamespaces = "/proc/sys/net/netfilter/nf_log_all_netns"

// routeErrorCost is the share of its allowance that each ICMP error about an
// unreachable route costs a sender; 0 lifts the limit (net/ipv4/route.c,
// ip_error). It holds for all namespaces.
const routeErrorCost = "/proc/sys/net/ipv4/route/error_cost"

// unlimited are further settings that hold for all namespaces: redirects are
// limited by what a sender was told before, since the machine started.
var unlimited = [][2]string{
	{routeErrorCost, "0"},
	{"/proc/sys/net/ipv4/route/redirect_load", "-1"},
	{"/proc/sys/net/ipv4/route/redirect_silence", "-1"},
}

// Available says why this machine cannot be asked and what to do about it, in
// words for t.Skip, or nil if it can.
func Available() error {
	if err := available(); err != nil {
		return fmt.Errorf("%w (how to run what asks the kernel: .github/CONTRIBUTING.md)", err)
	}
	return nil
}

func available() error {
	if runtime.GOOS != "linux" {
		return errors.New("the kernel oracle needs Linux")
	}
	if os.Geteuid() != 0 {
		return errors.New("the kernel oracle needs root, to make a network namespace")
	}
	for _, tool := range []string{
		"ip", "ipset", "conntrack", "iptables-legacy-restore", "ip6tables-legacy-restore",
		"iptables-legacy-save", "ip6tables-legacy-save", "iptables-nft-restore", "ip6tables-nft-restore", "nft",
	} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("the kernel oracle needs the tool %s: %w", tool, err)
		}
	}
	for _, file := range []string{"/dev/net/tun", "/dev/kmsg", logAllNamespaces} {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("the kernel oracle needs the file %s: %w", file, err)
		}
	}
	t, err := startThread()
	if err != nil {
		return fmt.Errorf("the kernel oracle: %w", err)
	}
	t.stop()
	return nil
}
