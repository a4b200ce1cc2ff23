// Package commands reads rules that are written as command lines of iptables:
// what "iptables -S" prints, and the commands of a script or of a history once a
// shell has taken them apart.
package commands
