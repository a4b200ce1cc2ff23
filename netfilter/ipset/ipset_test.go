package ipset_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// TestSave holds commands to what "ipset save" prints behind them. The types of
// the second half are not in every kernel.
func TestSave(t *testing.T) {
	for _, c := range []struct{ name, commands, save string }{
		{"ranges of addresses", "create a hash:ip\nadd a 10.0.0.9-10.0.0.7\nadd a 10.1.0.5/31\n",
			"create a hash:ip family inet hashsize 1024 maxelem 65536\nadd a 10.0.0.7\nadd a 10.0.0.8\nadd a 10.0.0.9\nadd a 10.1.0.4\nadd a 10.1.0.5\n"},
		{"ranges of networks", "create a hash:net\nadd a 1.1.1.1-1.1.1.10\n",
			"create a hash:net family inet hashsize 1024 maxelem 65536\nadd a 1.1.1.1\nadd a 1.1.1.2/31\nadd a 1.1.1.4/30\nadd a 1.1.1.8/31\nadd a 1.1.1.10\n"},
		{"protocols", "create a hash:ip,port\nadd a 1.1.1.1,http\nadd a 1.1.1.1,udp:2-1\nadd a 1.1.1.1,icmp:8/0\nadd a 1.1.1.1,icmp:3/99\nadd a 1.1.1.1,47:0\nadd a 1.1.1.1,253:0\n",
			"create a hash:ip,port family inet hashsize 1024 maxelem 65536\nadd a 1.1.1.1,tcp:80\nadd a 1.1.1.1,udp:1\nadd a 1.1.1.1,udp:2\nadd a 1.1.1.1,icmp:echo-request\nadd a 1.1.1.1,icmp:3/99\nadd a 1.1.1.1,gre:0\nadd a 1.1.1.1,253:0\n"},
		{"everything an entry carries", "create a hash:net,iface family inet6 timeout 5 counters comment skbinfo bucketsize 12 initval 0x0ff00001\n" +
			"add a ::/0,eth timeout 4 nomatch wildcard packets 1 bytes 2 comment \"a b\" skbmark 0x1/0xf skbprio 1:2 skbqueue 3\nadd a 1::/64,physdev:br0\n",
			"create a hash:net,iface family inet6 hashsize 1024 maxelem 65536 timeout 5 counters comment skbinfo bucketsize 12 initval 0x0ff00001\n" +
				"add a ::/0,eth timeout 4 nomatch wildcard packets 1 bytes 2 comment \"a b\" skbmark 0x1/0xf skbprio 1:2 skbqueue 3\n" +
				"add a 1::/64,physdev:br0 timeout 5 packets 0 bytes 0\n"},
		{"bitmaps are sorted", "create a bitmap:port range udp:9-1\nadd a 5\nadd a 2-3\ncreate b bitmap:ip range 10.0.0.1-10.0.0.9 netmask 30\nadd b 10.0.0.9\nadd b 10.0.0.0\n",
			"create a bitmap:port range 1-9\nadd a 2\nadd a 3\nadd a 5\ncreate b bitmap:ip range 10.0.0.0-10.0.0.11 netmask 30\nadd b 10.0.0.0\nadd b 10.0.0.8\n"},
		{"lists come last and keep their order", "create l list:set size 1\ncreate a hash:ip\ncreate b hash:ip\nadd l a\nadd l b before a\n",
			"create a hash:ip family inet hashsize 1024 maxelem 65536\ncreate b hash:ip family inet hashsize 1024 maxelem 65536\ncreate l list:set size 4\nadd l b\nadd l a\n"},
		{"old names", "-N a iphash --hashsize 70 --probes 4 --resize 50\n-A a 1.1.1.1\n-E a b\nnew c macipmap --from 1.2.3.4 --to 1.2.3.8\n-N d ipmap --network 10.0.0.0/30\n",
			"create b hash:ip family inet hashsize 128 maxelem 65536\nadd b 1.1.1.1\ncreate c bitmap:ip,mac range 1.2.3.4-1.2.3.8\ncreate d bitmap:ip range 10.0.0.0-10.0.0.3\n"},
		{"a swap", "create a hash:ip\ncreate b hash:ip maxelem 3\nadd b 1.1.1.1\nswap a b\n",
			"create a hash:ip family inet hashsize 1024 maxelem 3\nadd a 1.1.1.1\ncreate b hash:ip family inet hashsize 1024 maxelem 65536\n"},
		{"exist stays on", "create a hash:ip\nadd -exist a 1.1.1.1\nadd a 1.1.1.1\ndel a 2.2.2.2\ncreate a hash:ip\ndestroy b\n",
			"create a hash:ip family inet hashsize 1024 maxelem 65536\nadd a 1.1.1.1\n"},

		{"hash:mac", "create a hash:mac\nadd a 1:2:3:4:5:ff\n", "create a hash:mac hashsize 1024 maxelem 65536\nadd a 01:02:03:04:05:FF\n"},
		{"hash:ip,mac", "create a hash:ip,mac -6\nadd a 1::1,1:2:3:4:5:6\n",
			"create a hash:ip,mac family inet6 hashsize 1024 maxelem 65536\nadd a 1::1,01:02:03:04:05:06\n"},
		{"hash:ip,mark", "create a hash:ip,mark markmask 0xff\nadd a 1.1.1.0/31,0x1234\n",
			"create a hash:ip,mark family inet markmask 0x000000ff hashsize 1024 maxelem 65536\nadd a 1.1.1.0,0x00000034\nadd a 1.1.1.1,0x00000034\n"},
		{"hash:net,net", "create a hash:net,net\nadd a 1.1.1.0/24,2.2.2.1-2.2.2.2 nomatch\n",
			"create a hash:net,net family inet hashsize 1024 maxelem 65536\nadd a 1.1.1.0/24,2.2.2.1 nomatch\nadd a 1.1.1.0/24,2.2.2.2 nomatch\n"},
		{"hash:net,net with a mask", "create a hash:net,net bitmask 255.255.0.255\nadd a 1.1.1.7,2.2.2.1/16\n",
			"create a hash:net,net family inet hashsize 1024 maxelem 65536 bitmask 255.255.0.255\nadd a 1.1.0.7,2.2.0.0/16\n"},
		{"hash:net,port,net", "create a hash:net,port,net -6\nadd a 1::5/64,udp:5-6,2::/16\n",
			"create a hash:net,port,net family inet6 hashsize 1024 maxelem 65536\nadd a 1::/64,udp:5,2::/16\nadd a 1::/64,udp:6,2::/16\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sets := &ipset.Sets{}
			require.NoError(t, parser.RestoreSets(sets, "", c.commands))
			assert.Equal(t, c.save, string(sets.AppendSave(nil)))
		})
	}
}

// TestRefused holds what is refused, and where the fault is said to be.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ commands, fault string }{
		{"create a hash:ip\nadd a 10.0.0.1\nadd a 10.0.0.1", "3:7: set a: the element is in the set already"},
		{"create a hash:ip\ndel a 10.0.0.1", "2:7: set a: the element is not in the set"},
		{"create a hash:ip maxelem 1\nadd a 1.1.1.1-1.1.1.2", "2:7: set a: the set is full"},
		{"create a hash:ip\nadd a 1::1", `2:7: "1::1" is no IPv4 address`},
		{"create a hash:ip\nadd a 0.0.0.0", "2:7: set a: an element that is all zero"},
		{"create a hash:ip\nadd a 1.1.1.1 timeout 3", "2:7: set a: the set was created without timeout"},
		{"create a hash:ip timeout 9999999", `1:26: bad value "9999999"`},
		{"create a hash:ip,port\nadd a 1.1.1.1", "2:7: element \"1.1.1.1\" has 1 parts, but type hash:ip,port takes 2"},
		{"create a hash:ip,port\nadd a 1.1.1.1,tcp:foo", `2:19: invalid port or service "foo"`},
		{"create a hash:ip,port\nadd a 1.1.1.1,gre:5", "2:7: protocol gre has no ports"},
		{"create a hash:net\nadd a 0.0.0.0/0", "2:7: set a: the prefix length is not possible here"},
		{"create a hash:net\nadd a 10.0.0.0/33", "2:7: prefix length of"},
		{"create a bitmap:ip", "1:10: option range must be given"},
		{"create a bitmap:ip range 10.0.0.0/8", "1:8: set a: the range is too large"},
		{"create a bitmap:port range 1-9\nadd a 10", "2:7: set a: the element is out of the range"},
		{"create a foo", `1:10: unknown set type "foo"`},
		{"create a hash:ip foo", `1:18: unknown option "foo" for type hash:ip`},
		{"create a hash:ip\ncreate a hash:net", "2:8: set a: a set of this name exists already"},
		{"create l list:set\nadd l l", "2:7: set l: member l: a set of type list:set cannot be a member"},
		{"create l list:set\ncreate a hash:ip\nadd l a\ndestroy a", "4:9: set a: the set is a member of another set"},
		{"create a hash:ip\ncreate b hash:net\nswap a b", "3:6: set a: the sets differ in type or family"},
		{"add a 1.1.1.1", "1:5: set a: no such set"},
		{"frob a", `1:1: unknown command "frob"`},
		{"create a hash:ip comment\nadd a 1.1.1.1 comment \"x", "2:23: a quote is not closed"},
		{"create " + strings.Repeat("a", 32) + " hash:ip", "1:8: name of a set"},
	} {
		_, err := parser.ParseSetsString(c.commands)
		require.Error(t, err, c.commands)
		assert.Contains(t, err.Error(), c.fault, c.commands)
	}
}

// TestTimeouts holds that entries go when their time has come.
func TestTimeouts(t *testing.T) {
	sets := &ipset.Sets{}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	sets.Begin(start)
	require.NoError(t, parser.RestoreSets(sets, "", "create a hash:ip timeout 10\nadd a 1.1.1.1\nadd a 1.1.1.2 timeout 0\nadd a 1.1.1.3 timeout 5\n"))
	sets.At(start.Add(5500 * time.Millisecond))
	const head = "create a hash:ip family inet hashsize 1024 maxelem 65536 timeout 10\n"
	assert.Equal(t, head+"add a 1.1.1.1 timeout 4\nadd a 1.1.1.2 timeout 0\n", string(sets.AppendSave(nil)))
	require.NoError(t, parser.RestoreSets(sets, "", "add a 1.1.1.3\n"), "what timed out can be added again")
	sets.At(start.Add(12 * time.Second))
	assert.Equal(t, head+"add a 1.1.1.2 timeout 0\nadd a 1.1.1.3 timeout 3\n", string(sets.AppendSave(nil)))
}

// TestCopies holds that what happens to a copy does not show in the original.
func TestCopies(t *testing.T) {
	sets := &ipset.Sets{}
	require.NoError(t, parser.RestoreSets(sets, "", "create a hash:net,iface\nadd a 1.1.1.1,eth0\nadd a 1.1.1.1,eth1\n"))
	before := string(sets.AppendSave(nil))
	other := sets.Copy()
	require.NoError(t, parser.RestoreSets(other, "", "del a 1.1.1.1,eth0\ncreate b hash:ip\nrename a c\n"))
	assert.Equal(t, before, string(sets.AppendSave(nil)))
	after := string(other.AppendSave(nil))
	require.NoError(t, parser.RestoreSets(sets, "", "flush\ndestroy\n"))
	assert.Equal(t, after, string(other.AppendSave(nil)))
	assert.Empty(t, sets.AppendSave(nil))
}
