package commands_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser/commands"
)

// The rules that a list of command lines leads to.
func ExampleList() {
	list := commands.NewList("firewall.sh")
	for i, words := range [][]string{
		{"-N", "WEB"},
		{"-A", "INPUT", "-p", "tcp", "--dport", "80", "-j", "WEB"},
		{"-A", "WEB", "-j", "ACCEPT"},
	} {
		if err := list.Add(commands.Command{Line: i + 1, Words: words}); err != nil {
			log.Fatal(err)
		}
	}
	rs, err := list.Parse(nil)
	if err != nil {
		log.Fatalf("%+v", err)
	}
	fmt.Print(rs)
	// Output:
	// *filter
	// :INPUT ACCEPT [0:0]
	// :FORWARD ACCEPT [0:0]
	// :OUTPUT ACCEPT [0:0]
	// :WEB - [0:0]
	// -A INPUT -p tcp -m tcp --dport 80 -j WEB
	// -A WEB -j ACCEPT
	// COMMIT
}
