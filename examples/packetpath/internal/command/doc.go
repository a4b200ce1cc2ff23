// Package command is the command line of packetpath: its verbs, what they print
// and their exit statuses.
package command
