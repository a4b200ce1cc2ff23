// Package xmlrules parses the XML that iptables-xml generates from the output
// of iptables-save, also with -c, which combines rules that have the same
// conditions.
package xmlrules
