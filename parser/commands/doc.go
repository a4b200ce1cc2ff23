// Package commands parses rules in the form of iptables command lines: the
// output of "iptables -S", and the commands of a script or a history after a
// shell has split them into words.
package commands
