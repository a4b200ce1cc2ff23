// Services turns the services of a cluster into iptables rules for one node,
// as a small example of a program that writes rules, and of how its tests find
// the mistakes in them: see internal/rules.
//
//	services examples/services/testdata/shop.json
//
// prints the rules, for iptables-restore --noflush. With -from, it prints the
// change from one cluster to another.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/examples/services/internal/rules"
	"github.com/packetpath/packetpath/netfilter"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "services:", err)
		os.Exit(2)
	}
}

const usage = `usage: services [-6] [-from OLD] FILE

Writes iptables rules that balance the services of a cluster over their
endpoints, as one node of the cluster needs them.

  FILE       the cluster, in JSON; see below
  -from OLD  the cluster as it was before: write only what makes the rules
             of OLD those of FILE
  -6         write the rules of IPv6; they are for ip6tables-restore

Load what is printed with

  services FILE | iptables-restore --noflush

which leaves all other rules alone. Load the rules of a cluster once; for what
changes later give the file loaded last as OLD. Or ask first where a packet
would go with them:

  services FILE >rules
  packetpath where rules 'eth0: tcp 203.0.113.7:40000 > 10.96.0.10:80'

A cluster looks like this. Of a service only name, addresses and ports must be
there; endpoints are pods, on this node if a pod network holds them.

  {
    "podNetworks": ["10.244.1.0/24"],        of the pods on this node
    "nodeAddresses": ["192.168.1.10"],       of this node
    "services": [{
      "name": "web",
      "addresses": ["10.96.0.10"],           for clients within the cluster
      "externalAddresses": ["198.51.100.1"], for the rest of the world
      "ports": [{
        "protocol": "tcp",                   or udp, sctp
        "port": 80,                          at the service's addresses
        "target": 8080,                      at the endpoints
        "nodePort": 30080                    at this node's addresses
      }],
      "affinitySeconds": 600,                clients come back to their endpoint
      "localOnly": true,                     no outsider is sent to other nodes
      "endpoints": [{"address": "10.244.1.2"},
                    {"address": "10.244.2.3", "notReady": true}]
    }]
  }
`

// run is main without the process around it.
func run(args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("services", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	six := fs.Bool("6", false, "")
	from := fs.String("from", "", "")
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = io.WriteString(stdout, usage)
		return err
	case err != nil:
		return fmt.Errorf("%w (services -h explains the flags)", err)
	case fs.NArg() != 1:
		return fmt.Errorf("need one file, not %d (services -h shows what is in it)", fs.NArg())
	}
	family := netfilter.IPv4
	if *six {
		family = netfilter.IPv6
	}
	return write(stdout, rules.New(family), *from, fs.Arg(0))
}

// write prints the last text of those that lead from file to file; "" is none.
func write(w io.Writer, g *rules.Generator, files ...string) error {
	text := ""
	for _, file := range files {
		if file == "" {
			continue
		}
		c, err := read(file)
		if err == nil {
			text, err = g.Update(c)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

func read(file string) (*cluster.Cluster, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return cluster.Read(f)
}
