package kernel

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// space is one network namespace furnished as an Env asks.
type space struct {
	*thread
	taps []tap
	raw  map[rawSocket]fd
	sets bool // sets may have been loaded
}

// defaults are the settings of every node: it forwards, answers without
// limit, does not speak unasked, and draws no flow labels, which rules could see.
func defaults() [][2]string {
	return [][2]string{
		{"net/ipv4/ip_forward", "1"},
		{"net/ipv6/conf/all/forwarding", "1"},
		{"net/ipv4/conf/all/rp_filter", "0"},
		{"net/ipv4/conf/default/rp_filter", "0"},
		{"net/ipv6/conf/default/accept_dad", "0"},
		{"net/ipv6/conf/all/accept_dad", "0"},
		{"net/ipv4/conf/all/send_redirects", "0"},
		{"net/ipv4/conf/default/send_redirects", "0"},
		{"net/ipv4/icmp_ratelimit", "0"},
		{"net/ipv6/icmp/ratelimit", "0"},
		{"net/ipv4/icmp_msgs_per_sec", "1000000"},
		{"net/ipv4/icmp_msgs_burst", "1000000"},
		{"net/ipv6/auto_flowlabels", "0"},
		{"net/ipv6/conf/default/addr_gen_mode", "1"},
		{"net/ipv6/conf/default/router_solicitations", "0"},
		{"net/ipv6/conf/default/mldv2_unsolicited_report_interval", "1"},
		{"net/ipv4/conf/default/igmpv3_unsolicited_report_interval", "1"},
	}
}

func openSpace(env Env) (*space, error) {
	t, err := startThread()
	if err != nil {
		return nil, err
	}
	s := &space{thread: t, raw: map[rawSocket]fd{}}
	if err := s.furnish(env); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// furnish makes the devices and sockets and tells the namespace what Env says.
func (s *space) furnish(env Env) (err error) {
	for _, v := range defaults() {
		if err := s.sysctl(v[0], v[1]); err != nil {
			return err
		}
	}
	if err := s.do(func() error { return s.openFiles(env) }); err != nil {
		return err
	}
	v4, v6 := env.commands()
	if _, err := s.must(v4, "ip", "-batch", "-"); err != nil {
		return fmt.Errorf("%w in %q", err, v4)
	}
	if _, err := s.must(v6, "ip", "-6", "-batch", "-"); err != nil {
		return fmt.Errorf("%w in %q", err, v6)
	}
	for _, b := range batches(env.Commands) {
		if _, err := s.must(b.input, b.command...); err != nil {
			return fmt.Errorf("%w in %q", err, b)
		}
	}
	if err := s.awaitAddresses(env); err != nil {
		return err
	}
	// Those of all links first: they reset some of single ones.
	for _, name := range slices.Sorted(maps.Keys(env.Sysctl)) {
		if err := s.sysctl(name, env.Sysctl[name]); err != nil {
			return err
		}
	}
	time.Sleep(listenerReports)
	return nil
}

// listenerReports is more than the time in which the multicast listener reports
// for new addresses, and for groups that settings have the host leave, are sent
// and repeated, given the interval of one millisecond set above; rules would
// count them.
const listenerReports = 40 * time.Millisecond

// awaitAddresses waits until the kernel has made the local routes of all IPv6
// addresses, which it does in the background (net/ipv6/addrconf.c,
// addrconf_dad_work).
func (s *space) awaitAddresses(env Env) error {
	var routes []string
	for _, f := range env.Interfaces {
		for _, a := range f.Addrs {
			if p, err := netip.ParsePrefix(a); err == nil && p.Addr().Is6() {
				routes = append(routes, "local "+p.Addr().String()+" ")
			}
		}
	}
	for range 500 {
		out, err := s.must("", "ip", "-6", "route", "show", "table", "local")
		if err != nil || !slices.ContainsFunc(routes, func(r string) bool { return !strings.Contains(out, r) }) {
			return err
		}
		time.Sleep(2 * time.Millisecond)
	}
	return errors.New("the kernel does not take up the IPv6 addresses")
}

// openFiles runs on the thread: devices belong to its namespace.
func (s *space) openFiles(env Env) (err error) {
	for i, f := range env.Interfaces {
		if f.Name == "lo" {
			continue
		}
		dev := tap{name: f.Name}
		node, wire := env.hardware(i)
		if dev.node, err = parseMAC(node); err != nil {
			return err
		}
		if dev.wire, err = parseMAC(wire); err != nil {
			return err
		}
		if dev.file, err = openTAP(f.Name); err != nil {
			return err
		}
		s.taps = append(s.taps, dev)
	}
	return nil
}

// reset forgets rules, sets, connections, that rules had connections count and
// what the routes learned.
func (s *space) reset() error {
	err := errors.Join(s.emptyTables(ipv4), s.emptyTables(ipv6))
	if s.sets {
		_, flush := s.must("", "ipset", "flush")
		_, destroy := s.must("", "ipset", "destroy")
		err = errors.Join(err, flush, destroy)
		s.sets = destroy != nil
	}
	return errors.Join(err, s.flushConntrack(), s.sysctl("net/netfilter/nf_conntrack_acct", "0"),
		s.sysctl("net/ipv4/route/flush", "1"), s.sysctl("net/ipv6/route/flush", "1"))
}

func (s *space) flushConntrack() error {
	_, err := s.must("", "conntrack", "-F")
	return err
}

// load restores the rulesets; the first refusal ends it.
func (s *space) load(rules4, rules6, sets string) error {
	if sets != "" {
		s.sets = true
	}
	if err := s.furnishAccounts(rules4 + rules6); err != nil {
		return err
	}
	for _, step := range []struct {
		text    string
		command []string
	}{
		{sets, []string{"ipset", "restore"}},
		{rules4, []string{ipv4.tool + "-restore"}},
		{rules6, []string{ipv6.tool + "-restore"}},
	} {
		if step.text == "" {
			continue
		}
		res, err := s.run(step.text, step.command...)
		if err != nil {
			return err
		}
		if res.code != 0 {
			return &RefusedError{Tool: step.command[0], Code: res.code, Text: strings.TrimSpace(res.stderr)}
		}
	}
	return nil
}

// suits reports whether no table exists but those that the rulesets name.
func (s *space) suits(rules4, rules6 string) (bool, error) {
	have4, err := s.present(ipv4)
	if err != nil {
		return false, err
	}
	have6, err := s.present(ipv6)
	if err != nil {
		return false, err
	}
	return subset(have4, named(rules4)) && subset(have6, named(rules6)), nil
}

func subset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(whole, s) })
}

func (s *space) close() error {
	var errs []error
	for _, t := range s.taps {
		errs = append(errs, t.file.close())
	}
	s.stop()
	for _, f := range s.raw {
		errs = append(errs, f.close())
	}
	return errors.Join(errs...)
}
