// Packetpath computes where a Linux host would send packets, and why, from the
// output of iptables-save, ip, sysctl and similar tools.
//
//	packetpath where node/ 'eth0: tcp 192.0.2.9 > 192.0.2.7:443'
//
// Its verbs are explained by "packetpath help".
package main

import (
	"os"

	"github.com/packetpath/packetpath/examples/packetpath/internal/command"
)

func main() {
	os.Exit(command.Run(os.Args[1:], command.Process()))
}
