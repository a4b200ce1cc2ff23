// Package xmlrules reads the XML that iptables-xml makes of what iptables-save
// prints, also with -c, which joins rules that have the same conditions.
package xmlrules
