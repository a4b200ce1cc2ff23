package xmlrules

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

const saved = `*nat
:PREROUTING ACCEPT [1:2]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:X - [0:0]
[3:4] -A PREROUTING ! -s 10.0.0.0/8 -i eth0 -p tcp -m tcp --dport 80 -m comment --comment "a <b> & \"c\"" -j DNAT --to-destination 10.0.0.1:80
[0:0] -A PREROUTING -p tcp -m tcp ! --dport 80 -m conntrack ! --ctstate NEW,ESTABLISHED -g X
[0:0] -A PREROUTING -p tcp -m tcp --tcp-flags SYN,ACK SYN -m set --match-set a src,dst -j X
[0:0] -A X -f -j RETURN
[0:0] -A X -j MARK --set-xmark 0x1/0xff
[0:0] -A X
COMMIT
`

// TestRoundTrip gives iptables-xml of the machine rules and compares what is read
// from its output with them. It skips without the tool.
func TestRoundTrip(t *testing.T) {
	if _, err := exec.LookPath("iptables-xml"); err != nil {
		t.Skip("iptables-xml is not installed")
	}
	for _, args := range [][]string{nil, {"-c"}} {
		cmd := exec.Command("iptables-xml", args...)
		cmd.Stdin = strings.NewReader(saved)
		out, err := cmd.Output()
		require.NoError(t, err)
		rs, err := Parse("rules.xml", string(out), nil)
		require.NoError(t, err)
		got := string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
		assert.Equal(t, saved, got, "%v", args)
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"<zone/>", "its element is <zone>"},
		{"<iptables-rules><table name='filter'><chain name='INPUT'><rule><conditions><tcp><dprt>80</dprt></tcp></conditions></rule></chain></table></iptables-rules>", "rules.xml:1:"},
		{"<iptables-rules><chain/></iptables-rules>", "rules.xml:1: unknown element <chain>"},
		{"<iptables-rules>", "unexpected EOF"},
	} {
		_, err := Parse("rules.xml", c.text, nil)
		assert.ErrorContains(t, err, c.want, c.text)
	}
}
