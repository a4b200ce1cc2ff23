package iptablestest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter/ipset"
)

// showXML prints sets as "-output xml" does (ipset lib/session.c, list_create and
// list_adt). Words are not escaped there either.
func (s *setCall) showXML(sets []*ipset.Set) {
	s.print("<ipsets>\n")
	for _, set := range sets {
		if s.names {
			s.print("<ipset name=\"%s\"/>\n", set.Name)
			continue
		}
		s.print("<ipset name=\"%s\">\n<type>%s</type>\n<revision>%d</revision>\n", set.Name, set.Type, revision(set.Type))
		options := savedWords(strings.TrimSpace(string(set.AppendCreate(nil))))[3:] // "create", the name, the type
		members := slices.Collect(strings.Lines(s.saved(set)))[1:]
		s.print("<header>%s\n<memsize>0</memsize>\n<references>%d</references>\n<numentries>%d</numentries>\n</header>\n",
			elements(options), s.uses(set.Name), len(members))
		if !s.terse {
			s.print("<members>\n")
			for _, m := range members {
				words := savedWords(strings.TrimSpace(m))[2:] // "add" and the name
				s.print("<member><elem>%s</elem>%s</member>\n", words[0], elements(words[1:]))
			}
			s.print("</members>\n")
		}
		s.print("</ipset>\n")
	}
	s.print("</ipsets>\n")
}

// elements returns options as elements of XML.
func elements(options []string) string {
	var b strings.Builder
	for i := 0; i < len(options); i++ {
		switch name := options[i]; name {
		case "counters", "comment", "skbinfo", "forceadd", "nomatch", "wildcard":
			if name == "comment" && i+1 < len(options) && strings.HasPrefix(options[i+1], `"`) { // of an element
				i++
				fmt.Fprintf(&b, "<comment>%s</comment>", options[i])
				continue
			}
			fmt.Fprintf(&b, "<%s/>", name)
		default:
			if i++; i < len(options) {
				fmt.Fprintf(&b, "<%s>%s</%s>", name, options[i], name)
			}
		}
	}
	return b.String()
}
