// Package opt reads and prints the values of options that several extensions
// share: numbers with masks, ports, addresses, names.
package opt
