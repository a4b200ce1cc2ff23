package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// options are what the command line says.
type options struct {
	rules, rules6  string
	sets           string
	hosts          files
	seed           uint64
	trace, json    bool
	branches, full bool
	packet         string
}

// files is a flag that may be given several times.
type files []string

func (f *files) String() string { return strings.Join(*f, " ") }

func (f *files) Set(s string) error {
	*f = append(*f, s)
	return nil
}

const usage = `usage: whereto -rules FILE [-rules6 FILE] [-host FILE…] [-sets FILE]
               [-seed N] [-branches] [-explain] [-trace] [-json] PACKET

Says where PACKET would go on a host with these rules, and why.

What is known of the host:
  -rules FILE    IPv4 rules, as iptables-save prints them
  -rules6 FILE   IPv6 rules, as ip6tables-save prints them
  -host FILE…    the host: output of "ip addr", "ip route", "ip -6 route",
                 "ip rule" and "ip -6 rule", with or without -json, in any number
                 of files. Without it the host has no address but 127.0.0.1 and ::1
  -sets FILE     sets that the rules look into, as ipset save prints them

What is asked:
  PACKET is one line, best quoted, with the link it arrives on,
    'eth0: tcp 192.168.199.132:50995 > 192.168.199.119:32741 syn mark 0x0'
  or without one for a packet of a local process:
    'udp 10.0.0.1:5000 > 10.96.0.10:53'
  -seed N        luck: which way random rules go (default 0)
  -branches      every way luck can take, each with its probability, instead of
                 the one of the seed

What is printed: the answer with the rule that decided, then the path, a line for
every rule that matched, with what it changed in brackets.
  -explain       also the rules that did not match, with the condition that failed
  -trace         the lines of the kernel's TRACE log instead of the path
  -json          everything, for programs

Exit status: 0 the packet gets through (with -branches: in all of them), 1 it does
not, 2 bad input.
`

func readOptions(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	fs := flag.NewFlagSet("whereto", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.rules, "rules", "", "")
	fs.StringVar(&o.rules6, "rules6", "", "")
	fs.Var(&o.hosts, "host", "")
	fs.StringVar(&o.sets, "sets", "", "")
	fs.Uint64Var(&o.seed, "seed", 0, "")
	fs.BoolVar(&o.trace, "trace", false, "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.branches, "branches", false, "")
	fs.BoolVar(&o.full, "explain", false, "")
	// Files behind a -host FILE are host files too, and flags may follow them.
	for rest := args; ; {
		if err := fs.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				fmt.Fprint(stderr, usage)
				return nil, err
			}
			return nil, fmt.Errorf("%w (whereto -h explains the flags)", err)
		}
		rest = fs.Args()
		if len(o.hosts) == 0 || len(rest) < 2 || !isFile(rest[0]) {
			break
		}
		o.hosts, rest = append(o.hosts, rest[0]), rest[1:]
	}
	o.packet = strings.Join(fs.Args(), " ")
	switch {
	case o.packet == "":
		return nil, errors.New("no packet given (whereto -h shows one)")
	case o.rules == "" && o.rules6 == "":
		return nil, errors.New("no rules given: -rules FILE or -rules6 FILE")
	}
	return o, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
