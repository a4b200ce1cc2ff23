package iptablestest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/archive"
)

// Parse reads a host from the sections host, rules and rules6 of a case file
// (package casefile), all of which may be missing. Other sections are kept for
// [Host.AppendText].
func Parse(text string, opts ...parser.Option) (*Host, error) {
	parts := archive.Split(text)
	section := map[string]string{}
	for _, p := range parts[1:] {
		section[p.Name] += p.Text
	}
	described, err := host.Parse(section["host"])
	if err != nil {
		return nil, fmt.Errorf("section host: %w", err)
	}
	h := New(described, opts...)
	h.file = parts
	for f, name := range ruleSections {
		rs, err := parser.ParseString(section[name], append(slices.Clone(opts), parser.Family(netfilter.Family(f)), parser.Sets(h.sets))...)
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", name, err)
		}
		for _, t := range rs.Tables {
			t.Before, t.After = nil, nil
		}
		h.tables[f] = rs
	}
	return h, nil
}

// ruleSections are the names of sections by family.
var ruleSections = [2]string{"rules", "rules6"}

// AppendText implements [encoding.TextAppender]: the host as it is now, as a case
// file, so that packets can be written behind it. Of a host that [New] made, links,
// routes and settings are missing. What is left of timeouts begins anew when the
// text is read.
func (h *Host) AppendText(b []byte) ([]byte, error) {
	defer h.lock()()
	parts := slices.Clone(h.file)
	if len(parts) == 0 {
		parts = []archive.Section{{}}
	}
	parts = withSection(parts, "host", withoutSets(parts)+string(h.sets.AppendSave(nil)))
	for f, name := range ruleSections {
		parts = withSection(parts, name, string(h.tables[f].AppendSave(nil, netfilter.SaveOptions{Counters: true})))
	}
	return append(b, archive.Join(parts)...), nil
}

// withoutSets returns the lines of section host but those of sets.
func withoutSets(parts []archive.Section) string {
	var b strings.Builder
	for _, p := range parts[1:] {
		if p.Name != "host" {
			continue
		}
		for line := range strings.Lines(p.Text) {
			for part := range strings.SplitSeq(line, ";") {
				part = strings.TrimSpace(part)
				if part != "" && !strings.HasPrefix(part, "create ") && !strings.HasPrefix(part, "add ") {
					b.WriteString(part + "\n")
				}
			}
		}
	}
	return b.String()
}

// withSection gives a section another text; one that is missing comes ahead of
// those that are not the host's.
func withSection(parts []archive.Section, name, text string) []archive.Section {
	first := true
	kept := parts[:0:0]
	for _, p := range parts {
		switch {
		case p.Name != name:
			kept = append(kept, p)
		case first:
			kept = append(kept, archive.Section{Name: name, Text: text})
			first = false
		}
	}
	if !first || text == "" {
		return kept
	}
	at := slices.IndexFunc(kept, func(p archive.Section) bool {
		return p.Name != "" && p.Name != "host" && p.Name != "rules" && p.Name != "rules6"
	})
	if at < 0 {
		at = len(kept)
	}
	return slices.Insert(kept, at, archive.Section{Name: name, Text: text})
}
