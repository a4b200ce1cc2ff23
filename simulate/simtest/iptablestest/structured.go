package iptablestest

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// Stat is what the struct Stat of github.com/coreos/go-iptables holds: a rule with its
// counters, as [Tables.Stats] has it.
type Stat = struct {
	Packets     uint64     `json:"pkts"`
	Bytes       uint64     `json:"bytes"`
	Target      string     `json:"target"`
	Protocol    string     `json:"prot"`
	Opt         string     `json:"opt"`
	Input       string     `json:"in"`
	Output      string     `json:"out"`
	Source      *net.IPNet `json:"source"`
	Destination *net.IPNet `json:"destination"`
	Options     string     `json:"options"`
}

// StructuredTables are [Tables] with the methods of that module whose types are its own.
// They are parameters, so that nothing of it is imported here:
//
//	var ipt interface {
//		Proto() iptables.Protocol
//		StructuredStats(table, chain string) ([]iptables.Stat, error)
//	} = iptablestest.StructuredTables[iptables.Protocol, iptables.Stat]{Tables: host.Tables(netfilter.IPv4)}
type StructuredTables[Protocol ~byte, S interface{ ~Stat }] struct{ Tables }

// Proto returns the family of the tables: 0 for IPv4, 1 for IPv6.
func (t StructuredTables[Protocol, S]) Proto() Protocol { return Protocol(t.family) }

// StructuredStats returns the rules of a chain with their counters. Like that module it
// fails if an address of a rule is inverted or has a mask that is no prefix.
func (t StructuredTables[Protocol, S]) StructuredStats(table, chain string) ([]S, error) {
	rows, err := t.Stats(table, chain)
	if err != nil {
		return nil, err
	}
	stats := []S{}
	for _, row := range rows {
		stat, err := t.ParseStat(row)
		if err != nil {
			return nil, err
		}
		stats = append(stats, stat)
	}
	return stats, nil
}

// ParseStat takes one row of [Tables.Stats] apart.
func (t StructuredTables[Protocol, S]) ParseStat(row []string) (S, error) {
	if len(row) < 10 {
		return S{}, fmt.Errorf("a row has ten fields, this one %d", len(row))
	}
	s := Stat{Target: row[2], Protocol: row[3], Opt: row[4], Input: row[5], Output: row[6], Options: row[9]}
	var errs [4]error
	s.Packets, errs[0] = strconv.ParseUint(row[0], 0, 64)
	s.Bytes, errs[1] = strconv.ParseUint(row[1], 0, 64)
	_, s.Source, errs[2] = net.ParseCIDR(row[7])
	_, s.Destination, errs[3] = net.ParseCIDR(row[8])
	if err := errors.Join(errs[:]...); err != nil {
		return S{}, fmt.Errorf("row %q: %w", row, err)
	}
	return S(s), nil
}
