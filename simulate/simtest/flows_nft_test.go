package simtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
)

// TestFlowsNFT holds what numgen and symhash decide to exact probabilities, and
// translations by maps, masquerading, reject and drop to their outcomes.
func TestFlowsNFT(t *testing.T) {
	rs, err := nfttext.Parse(`
table ip nat {
	map endpoints {
		type inet_service : ipv4_addr . inet_service
		elements = { 84 : 10.1.0.7 . 8080 }
	}
	chain prerouting {
		type nat hook prerouting priority dstnat
		tcp dport 80 dnat to numgen random mod 3 map { 0 : 10.1.0.4, 1 : 10.1.0.5, 2 : 10.1.0.6 }
		tcp dport 81 numgen random mod 10 < 3 dnat to 10.1.0.4:8080
		tcp dport 81 dnat to 10.1.0.5:8080
		tcp dport 82 dnat to symhash mod 2 map { 0 : 10.1.0.4, 1 : 10.1.0.5 }
		tcp dport 83 redirect to :8080
		ip daddr 192.0.2.1 dnat ip to tcp dport map @endpoints
	}
	chain postrouting {
		type nat hook postrouting priority srcnat
		ip daddr 10.1.0.4 masquerade
	}
}
table ip filter {
	chain input {
		type filter hook input priority filter
		tcp dport 85 reject with tcp reset
		tcp dport 86 drop
	}
}
`, nfttext.ReadOptions{Name: "node.nft"})
	require.NoError(t, err)
	node, err := simulate.New(simtest.Host(t, "link eth0 192.0.2.1/24; link cni0 10.1.0.1/24; route default via 192.0.2.254 dev eth0"), eval.New(rs))
	require.NoError(t, err)
	simtest.Flows{
		{"one of three", "192.0.2.9", "tcp", "192.0.2.1", 80, "evenly 10.1.0.4:80, 10.1.0.5:80, 10.1.0.6:80", true},
		{"three in ten", "192.0.2.9", "tcp", "192.0.2.1", 81, "10.1.0.4:8080 3/10, 10.1.0.5:8080 7/10", true},
		{"by hash", "192.0.2.9", "tcp", "192.0.2.1", 82, "evenly 10.1.0.4:82, 10.1.0.5:82", true},
		{"to the host", "192.0.2.9", "tcp", "192.0.2.1", 83, "192.0.2.1:8080", false},
		{"by a named map", "192.0.2.9", "tcp", "192.0.2.1", 84, "10.1.0.7:8080", false},
		{"reset", "192.0.2.9", "tcp", "192.0.2.1", 85, "REJECT", false},
		{"dropped", "192.0.2.9", "tcp", "192.0.2.1", 86, "DROP", false},
		{"passed on", "192.0.2.9", "tcp", "10.1.0.9", 80, "evenly 10.1.0.4:80, 10.1.0.5:80, 10.1.0.6:80", true},
		{"not translated", "192.0.2.9", "udp", "10.1.0.9", 99, "", false},
	}.Run(t, node)
}

// TestFailureNFT names the rules of nftables that came nearest to the outcome that is
// asked for.
func TestFailureNFT(t *testing.T) {
	rs, err := nfttext.Parse(`
table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat
		iifname "eth1" tcp dport 80 dnat to 10.1.0.4
		tcp dport 80 ip daddr 192.0.2.2 dnat to 10.1.0.5
	}
}
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop
		ct state established accept
		tcp dport { 22, 443 } accept
		ip saddr 10.0.0.0/8 accept
		tcp dport 81 log drop
	}
}
`, nfttext.ReadOptions{})
	require.NoError(t, err)
	node, err := simulate.New(simtest.Host(t, "link eth0 192.0.2.1/24; link eth1 10.1.0.1/16"), eval.New(rs))
	require.NoError(t, err)
	for _, tt := range []struct{ packet, want, failure string }{
		{"eth0: tcp 192.0.2.9:5 > 192.0.2.1:80", "delivered", `  nearest rule that did not match: inet filter:input:rule:2  tcp dport { 22, 443 } accept
    condition tcp dport { 22, 443 }, but the packet has tcp dport 80`},
		{"eth0: tcp 192.0.2.9:5 > 192.0.2.1:80", "10.1.0.4:80", `  nearest rule that did not match: ip nat:prerouting:rule:2  tcp dport 80 ip daddr 192.0.2.2 dnat to 10.1.0.5
    condition ip daddr 192.0.2.2, but the packet has ip daddr 192.0.2.1`},
	} {
		want := simtest.Delivered()
		if tt.want != "delivered" {
			want = simtest.ForwardedTo(tt.want)
		}
		require.Contains(t, said(func(tb testing.TB) { simtest.Check(tb, node, tt.packet, want) }), tt.failure)
	}
}
