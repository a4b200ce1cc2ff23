package xmlrules_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser/xmlrules"
)

// The output of iptables-xml.
func ExampleParse() {
	rs, err := xmlrules.Parse("rules.xml", `<iptables-rules version="1.0">
<table name="filter">
<chain name="INPUT" policy="DROP">
<rule><conditions><match><s>192.0.2.0/24</s><p>tcp</p></match><tcp><dport>22</dport></tcp></conditions><actions><ACCEPT/></actions></rule>
</chain>
</table>
</iptables-rules>`, nil)
	if err != nil {
		log.Fatalf("%+v", err)
	}
	fmt.Print(rs)
	// Output:
	// *filter
	// :INPUT DROP [0:0]
	// :FORWARD ACCEPT [0:0]
	// :OUTPUT ACCEPT [0:0]
	// -A INPUT -s 192.0.2.0/24 -p tcp -m tcp --dport 22 -j ACCEPT
	// COMMIT
}
