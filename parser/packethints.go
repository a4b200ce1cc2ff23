package parser

import (
	"fmt"
	"strings"
)

// unknownWord returns a hint for words of other tools; "" if there is none.
func (r *packetReader) unknownWord(s string) string {
	name, value, isPair := strings.Cut(s, "=")
	flags, isFlags := tcpFlags(strings.ToLower(strings.NewReplacer("+", ",", "/", ",", "|", ",").Replace(s)))
	switch {
	case isPair && r.modifierOf(strings.ToLower(name)) != nil:
		return fmt.Sprintf("write %s %s", strings.ToLower(name), value)
	case isFlags:
		return fmt.Sprintf("flags are written so: %s", flags)
	case strings.Trim(s, "[]SFRPUEWA.") == "":
		return "flags are written as their names, joined by commas: syn,ack"
	case strings.EqualFold(s, "new") || strings.EqualFold(s, "established") || strings.EqualFold(s, "related") || strings.EqualFold(s, "invalid"):
		return "connection tracking finds the state by the packets before this one"
	}
	return ""
}

// endpointHint returns a hint for a malformed address and port.
func (r *packetReader) endpointHint(s string) string {
	port := s[strings.LastIndexByte(s, ':')+1:]
	switch {
	case strings.Contains(s, ">"):
		return `blanks stand around ">"`
	case strings.Contains(s, ":") && port != "" && strings.Trim(port, "0123456789") != "" && strings.Count(s, ":") == 1:
		return "a port is a number"
	case strings.Trim(s, "0123456789.:") != "" && !strings.Contains(s, ":"):
		return "names of hosts are not looked up: give the address"
	}
	return ""
}
