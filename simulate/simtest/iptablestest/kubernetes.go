package iptablestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Kubernetes is the interface of k8s.io/kubernetes/pkg/util/iptables, over a
// host. Its types are parameters, so that nothing of Kubernetes is imported
// here:
//
//	type runner = iptablestest.Kubernetes[iptables.Table, iptables.Chain,
//		iptables.RulePosition, iptables.Protocol, iptables.FlushFlag, iptables.RestoreCountersFlag]
//	var ipt iptables.Interface = runner{Host: host, Family: netfilter.IPv4, Proto: iptables.ProtocolIPv4}
type Kubernetes[Table, Chain, Position, Protocol ~string, Flush, Counters ~bool] struct {
	Host   *Host
	Family netfilter.Family
	Proto  Protocol // what Protocol returns
}

func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) tables() Tables {
	return k.Host.Tables(k.Family)
}

// run runs a tool and returns what it prints.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) run(suffix string, stdin []byte, args ...string) ([]byte, error) {
	name := k.tables().tool(suffix)
	stdout, stderr, status := k.Host.Exec(context.Background(), name, args, stdin)
	if status == 0 {
		return stdout, nil
	}
	return stdout, &ExitError{Command{Name: name, Args: args, Stdin: string(stdin), Stdout: string(stdout), Stderr: string(stderr), Status: status}}
}

// EnsureChain makes a chain; true says that it was there.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) EnsureChain(table Table, chain Chain) (bool, error) {
	made, err := k.tables().exists(on(string(table), "-N", string(chain))...)
	if err != nil {
		return false, fmt.Errorf("error creating chain %q: %w", chain, err)
	}
	return !made, nil
}

// FlushChain empties a chain.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) FlushChain(table Table, chain Chain) error {
	return k.tables().do(on(string(table), "-F", string(chain))...)
}

// DeleteChain removes a chain.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) DeleteChain(table Table, chain Chain) error {
	return k.tables().DeleteChain(string(table), string(chain))
}

// ChainExists reports whether a chain exists.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) ChainExists(table Table, chain Chain) (bool, error) {
	return k.tables().ChainExists(string(table), string(chain))
}

// EnsureRule adds a rule unless it is in the chain; true says that it was.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) EnsureRule(position Position, table Table, chain Chain, args ...string) (bool, error) {
	there, err := k.tables().Exists(string(table), string(chain), args...)
	if there || err != nil {
		return there, err
	}
	return false, k.tables().do(on(string(table), string(position), string(chain), args...)...)
}

// DeleteRule removes a rule if it is in the chain.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) DeleteRule(table Table, chain Chain, args ...string) error {
	return k.tables().DeleteIfExists(string(table), string(chain), args...)
}

// IsIPv6 reports whether the tables are those of IPv6.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) IsIPv6() bool {
	return k.Family == netfilter.IPv6
}

// Protocol returns Proto.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) Protocol() Protocol {
	return k.Proto
}

// SaveInto writes what iptables-save prints of a table.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) SaveInto(table Table, buffer *bytes.Buffer) error {
	out, err := k.run("-save", nil, "-t", string(table))
	buffer.Write(out)
	return err
}

// Restore restores one table of a text.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) Restore(table Table, data []byte, flush Flush, counters Counters) error {
	return k.restore(data, flush, counters, "-T", string(table))
}

// RestoreAll restores a text.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) RestoreAll(data []byte, flush Flush, counters Counters) error {
	return k.restore(data, flush, counters)
}

func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) restore(data []byte, flush Flush, counters Counters, args ...string) error {
	args = append([]string{"-w", "5"}, args...)
	if !flush {
		args = append(args, "--noflush")
	}
	if counters {
		args = append(args, "--counters")
	}
	_, err := k.run("-restore", data, args...)
	return err
}

// Monitor makes the canary chain in all tables and looks every interval whether
// they are there; when somebody has removed them it calls reload and makes them
// again. It returns, and removes them, when stop is closed.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) Monitor(canary Chain, tables []Table, reload func(), interval time.Duration, stop <-chan struct{}) {
	for {
		for _, t := range tables {
			_, _ = k.EnsureChain(t, canary)
		}
		for k.allThere(canary, tables) {
			select {
			case <-stop:
				for _, t := range tables {
					_ = k.DeleteChain(t, canary)
				}
				return
			case <-time.After(interval):
			}
		}
		reload()
	}
}

func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) allThere(chain Chain, tables []Table) bool {
	for _, t := range tables {
		if there, err := k.ChainExists(t, chain); !there || err != nil {
			return false
		}
	}
	return true
}

// HasRandomFully reports true.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) HasRandomFully() bool {
	return true
}

// Present reports true: the tools can be run.
func (k Kubernetes[Table, Chain, Position, Protocol, Flush, Counters]) Present() bool { return true }

// IsNotFound reports whether an error says that a chain or rule, or something
// else that a command names, does not exist.
func IsNotFound(err error) bool {
	var e *ExitError
	return errors.As(err, &e) && e.IsNotExist()
}
