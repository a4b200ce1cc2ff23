package ipset_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func restored(t *testing.T, commands string) *ipset.Sets {
	t.Helper()
	sets := &ipset.Sets{}
	require.NoError(t, parser.RestoreSets(sets, "", commands))
	return sets
}

// TestGrowth holds that memory grows with the length of a text, and no faster.
func TestGrowth(t *testing.T) {
	lines := func(n int, before string, line func(i int) string) string {
		var b strings.Builder
		b.WriteString(before)
		for i := range n {
			b.WriteString(line(i) + "\n")
		}
		return b.String()
	}
	addr := func(i int) string { return fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255) }
	sets := func(n int) string {
		return lines(n, "create l list:set\n", func(i int) string { return fmt.Sprintf("create s%d hash:ip", i) })
	}
	for name, text := range map[string]func(n int) string{
		"entries": func(n int) string {
			return lines(n, "create a hash:ip\n", func(i int) string { return "add a " + addr(i) })
		},
		"a full set with forceadd": func(n int) string {
			return lines(2*n, fmt.Sprintf("create a hash:ip forceadd timeout 9 maxelem %d\n", n), func(i int) string { return "add a " + addr(i) })
		},
		"members of a list": func(n int) string {
			return lines(n, sets(n), func(i int) string { return fmt.Sprintf("add l s%d", i) })
		},
		"members ahead of others": func(n int) string {
			return lines(n-1, sets(n)+"add l s0\n", func(i int) string { return fmt.Sprintf("add l s%d before s%d", i+1, i) })
		},
		"sets that come and go": func(n int) string {
			return lines(n, sets(n), func(i int) string { return fmt.Sprintf("destroy s%d\ncreate t%d hash:ip", i, i) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			const n, times = 1000, 8
			short, long := text(n), text(n*times)
			few := allocated(func() { restored(t, short) })
			many := allocated(func() { restored(t, long) })
			assert.Less(t, many, few*times*3/2, "%d bytes for %d, %d bytes for %d", few, n, many, n*times)
		})
	}
}

// TestCopiesAreSmall changes one entry of a copy of sets with many entries.
func TestCopiesAreSmall(t *testing.T) {
	for _, create := range []string{"create a hash:ip counters timeout 60 maxelem 100000", "create a hash:net,iface counters maxelem 100000"} {
		cost := func(n int) uint64 {
			var b strings.Builder
			b.WriteString(create + "\n")
			for i := range n {
				fmt.Fprintf(&b, "add a 10.%d.%d.%d%s\n", i>>16, i>>8&255, i&255, map[bool]string{true: ",eth0"}[strings.Contains(create, "iface")])
			}
			sets := restored(t, b.String()).Copy()
			req, err := ipset.ReadRequest(sets.Get("a").Type, 0, ipset.Add, "192.0.2.1"+map[bool]string{true: ",eth0"}[strings.Contains(create, "iface")])
			require.NoError(t, err)
			return allocated(func() {
				c := sets.Copy()
				require.NoError(t, c.Add("a", req, false))
				require.Equal(t, n+1, c.Get("a").Len())
				require.Equal(t, n, sets.Get("a").Len())
			})
		}
		cost(10)
		assert.Less(t, cost(50000), 2*cost(500)+4096, create)
	}
}

// TestCopiesAreIndependent draws changes to copies of copies and compares each with
// sets of its own that went through the same.
func TestCopiesAreIndependent(t *testing.T) {
	const create = "create a hash:ip counters maxelem 300\ncreate n hash:net,iface counters\ncreate b bitmap:port range 0-99 counters\n" +
		"create x hash:ip\ncreate y hash:ip\ncreate l list:set\n"
	text := []string{create}
	copies := []*ipset.Sets{restored(t, create)}
	draw := func(i, k int) string {
		x := (i*7919 + k*104729) % 100003
		return []string{"add a 10.0.0." + fmt.Sprint(x%250) + " packets 3", "del a 10.0.0." + fmt.Sprint(x%250), "add n 10.0.0.0/24,eth" + fmt.Sprint(x%40),
			"del n 10.0.0.0/24,eth" + fmt.Sprint(x%40), "add b " + fmt.Sprint(x%100) + " bytes 7", "del b " + fmt.Sprint(x%100),
			"add l x", "add l y before x", "del l x", "flush b", "add a 10.0.1." + fmt.Sprint(x%250)}[x%11] + "\n"
	}
	for i := range 40 {
		c := copies[i%len(copies)].Copy()
		before := text[i%len(copies)]
		var more strings.Builder
		for k := range 60 {
			line := draw(i, k)
			err := parser.RestoreSets(c, "", line)
			if err == nil {
				more.WriteString(line)
			}
		}
		copies, text = append(copies, c), append(text, before+more.String())
	}
	for i, c := range copies {
		assert.Equal(t, string(restored(t, text[i]).AppendSave(nil)), string(c.AppendSave(nil)), "copy %d", i)
	}
}

// TestLimits passes each limit.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		limits   ipset.Limits
		commands string
		want     string
	}{
		{ipset.Limits{Sets: 1}, "create a hash:ip\ncreate b hash:ip\n", "raise Limits.Sets, which is 1"},
		{ipset.Limits{Elements: 3}, "create a hash:ip\nadd a 1.1.1.1\ncreate b hash:ip\nadd b 1.1.1.0-1.1.1.2\n", "raise Limits.Elements, which is 3"},
		{ipset.Limits{Elements: 1}, "create a hash:ip\ncreate l list:set\nadd a 1.1.1.1\nadd l a\n", "raise Limits.Elements, which is 1"},
		{ipset.Limits{Expansion: 5}, "create a hash:ip\nadd -exist a 1.1.1.0/30\nadd a 1.1.1.0/30\n", "raise Limits.Expansion, which is 5"},
		{ipset.Limits{Elements: 70000}, "create a hash:ip,port maxelem 99999999\nadd a 1.1.1.1,1-65535\nadd a 10.0.0.0/8,1-65535\n", "raise Limits.Elements, which is 70000"},
		{ipset.Limits{Expansion: 70000}, "create a hash:ip forceadd maxelem 2\nadd a 0.0.0.1-255.255.255.255\n", "raise Limits.Expansion, which is 70000"},
	} {
		sets := &ipset.Sets{}
		sets.SetLimits(c.limits)
		err := parser.RestoreSets(sets, "", c.commands)
		require.ErrorContains(t, err, c.want)
		require.ErrorIs(t, err, ipset.ErrTooManyEntries)
		var limit *ipset.LimitError
		require.ErrorAs(t, err, &limit)
	}
	assert.LessOrEqual(t, 1<<(32-11), ipset.DefaultElements, "1.0.0.0/11 fits")
	sets := &ipset.Sets{}
	sets.SetLimits(ipset.Limits{Elements: 2})
	require.NoError(t, parser.RestoreSets(sets, "", "create a hash:ip\nadd a 1.1.1.1-1.1.1.2\nadd -exist a 1.1.1.1-1.1.1.2\nflush a\nadd a 1.1.1.3-1.1.1.4\ndel a 1.1.1.3\nadd a 1.1.1.5\ndestroy a\ncreate b hash:ip\nadd b 1.1.1.1-1.1.1.2\n"))
}
