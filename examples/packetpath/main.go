// Packetpath says where packets would go on a Linux host, and why, from what
// iptables-save, ip, sysctl and the like print of it.
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
