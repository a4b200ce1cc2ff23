package ipset_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// TestOddValues calls what there is with sets that New did not make, types that do
// not exist, and nothing at all.
func TestOddValues(t *testing.T) {
	_, err := ipset.NewSets([]*ipset.Set{nil})
	require.EqualError(t, err, "a set is nil")
	for _, typ := range []ipset.Type{ipset.BitmapIP, ipset.HashIP, ipset.HashNetIface, ipset.ListSet, 200} {
		assert.NotPanics(t, func() {
			_, _, _ = typ.String(), typ.Dimensions(), typ.HasFamily()
			_, _, _ = typ.Options(), typ.IgnoredOptions(), typ.HasNomatch()
			_, _ = ipset.New("a", typ, ipset.Options{Family: 9, NetMask: 200})
			_, _ = ipset.ReadRequest(typ, 9, ipset.Command(9), "1.1.1.1,tcp:5,a")
			_, _ = ipset.ReadRange(typ, "1-2")

			s := &ipset.Set{Name: "a", Type: typ}
			_, _ = s.Clone().String(), s.Len()
			_ = s.Equal(ipset.Set{})
			_, _ = ipset.NewSets([]*ipset.Set{s})
			var sets ipset.Sets
			_ = sets.Create(s, true)
			_ = sets.Create(nil, true)
			for _, text := range []string{"", "1.1.1.1", "1.1.1.1,eth0", "a", "1-9"} {
				r, err := ipset.ReadRequest(typ, netfilter.IPv4, ipset.Add, text)
				if err != nil {
					r = ipset.Request{}
				}
				_ = sets.Add("a", r, false)
				_, _ = sets.Test("a", r)
				_ = sets.Copy().Del("a", r, true)
			}
			sets.At(time.Time{})
			_ = sets.AppendSave(nil)
			_, _, _ = sets.Rename("a", "b"), sets.Swap("b", "b"), sets.Flush("")
			_ = sets.Destroy("", false)
		}, "%s", typ)
	}
}
