package listing

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// ParseSets parses the output of "ipset list": the sets with their members. The
// name is used as the file name in errors, whose lines are those of the list.
func ParseSets(name, text string) ([]*ipset.Set, error) {
	var b strings.Builder // the sets as ipset save prints them, with as many lines as the list
	set, kind, members := "", "", false
	n := 0
	for l := range strings.Lines(text) {
		n++
		l = strings.TrimSpace(l)
		key, value, _ := strings.Cut(l, ":")
		value = strings.TrimSpace(value)
		line := ""
		switch {
		case l == "":
			members = false
		case members:
			line = "add " + set + " " + l
		case key == "Name":
			set, kind = value, ""
		case key == "Type":
			kind = value
		case key == "Header":
			if set == "" || kind == "" {
				return nil, fmt.Errorf("%s:%d: name and type of the set are missing ahead of its header", name, n)
			}
			line = "create " + set + " " + kind + " " + value
		case key == "Members":
			members = true
		case key == "Revision" || key == "Size in memory" || key == "References" || key == "Number of entries":
		default:
			return nil, fmt.Errorf("%s:%d: unknown line %q in what ipset list prints", name, n, l)
		}
		b.WriteString(line + "\n")
	}
	return parser.ParseSets(name, strings.NewReader(b.String()))
}
