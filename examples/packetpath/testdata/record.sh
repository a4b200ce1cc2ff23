#!/usr/bin/env bash
# Records what this machine's tools print of one host, in all forms that
# packetpath reads, into the directories beside this script: formats/ has a file
# for each form, node/ is the bundle that packetpath capture makes. Run as root
# with iptables, ipset, conntrack, iproute2 and procps; it works in a network
# namespace of its own and changes nothing else.
set -euo pipefail
cd "$(dirname "$0")"
if [ -z "${INSIDE-}" ]; then
	INSIDE=1 exec unshare -n --mount "$0" "$@"
fi
mount -t tmpfs tmpfs /run

# The host.
ip link set lo up
for l in ifb0 ifb1; do ip link del $l 2>/dev/null || true; done
ip link add eth0 address 02:00:00:00:00:07 type veth peer name eth0p
ip link add cni0 address 02:00:00:00:01:01 type bridge
ip link add veth5 address 02:00:00:00:01:05 type veth peer name veth5p
ip link set veth5 master cni0
ip netns add far 2>/dev/null || true
for l in eth0p veth5p; do ip link set $l netns far; ip -n far link set $l up; done
for l in eth0 cni0 veth5; do ip link set "$l" up; done
ip addr add 192.0.2.7/24 dev eth0
ip addr add 2001:db8::7/64 dev eth0 nodad
ip addr add 10.244.1.1/24 dev cni0
ip route add default via 192.0.2.1
ip rule add fwmark 0x100 lookup 100
ip route add blackhole default table 100
ip neigh add 10.244.1.5 lladdr 02:00:00:00:05:05 dev cni0 nud permanent
ip xfrm policy add src 10.244.1.0/24 dst 198.51.100.0/24 dir out tmpl src 192.0.2.7 dst 198.51.100.1 proto esp reqid 1 mode tunnel
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2
ipset create barred hash:net
ipset add barred 203.0.113.0/24
iptables-legacy-restore <rules.v4
ip6tables-legacy-restore <<'.'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p ipv6-icmp -j ACCEPT
COMMIT
.
conntrack -F >/dev/null 2>&1
conntrack -I -p tcp -s 192.0.2.9 -d 192.0.2.7 --sport 5000 --dport 443 --reply-src 10.244.1.5 --reply-dst 192.0.2.9 --reply-port-src 8443 --reply-port-dst 5000 \
	--state ESTABLISHED -u SEEN_REPLY,ASSURED -t 3600 >/dev/null 2>&1

rm -rf formats node
mkdir formats
of() { # file, command
	local file=$1
	shift
	LC_ALL=C "$@" >"formats/$file" 2>/dev/null || echo "$file: $* failed" >&2
}
of rules.save iptables-legacy-save
of rules.save-c iptables-legacy-save -c
of rules6.save ip6tables-legacy-save
of filter.S iptables-legacy -S
of nat.S iptables-legacy -t nat -S
of filter.S-v iptables-legacy -S -v
of filter.Lnv iptables-legacy -L -n -v
of nat.Lnv iptables-legacy -t nat -L -n -v
of filter.Lnvx iptables-legacy -L -n -v -x --line-numbers
of nat.Lnvx iptables-legacy -t nat -L -n -v -x --line-numbers
of filter.Ln iptables-legacy -L -n
of filter6.Lnv ip6tables-legacy -L -n -v
iptables-legacy-save | iptables-xml >formats/rules.xml
of addr.txt ip addr
of addr-d.txt ip -d addr
of addr.json ip -json addr
of link-d.txt ip -d link
of route.txt ip route
of route-all.txt ip route show table all
of route.json ip -json route show table all
of route6.txt ip -6 route
of route6.json ip -6 -json route
of rule.txt ip rule
of rule.json ip -json rule
of neigh.txt ip neigh
of neigh.json ip -json neigh
of bridge-link.txt bridge -d link
of bridge-fdb.txt bridge fdb
of bridge-vlan.txt bridge vlan
of bridge-fdb.json bridge -json fdb
sysctl -a 2>/dev/null | grep -E '^net\.(ipv4\.(ip_forward|conf)|ipv6\.conf|bridge)' >formats/sysctl.txt || true
of sets.save ipset save
of sets.list ipset list
of conntrack.txt conntrack -L
of conntrack-extended.txt conntrack -L -o extended
of xfrm.txt ip xfrm policy
for ns in nft; do # the same rules as iptables-nft saves and lists them
	iptables-legacy -F; iptables-legacy -X; iptables-legacy -t nat -F; iptables-legacy -t nat -X
	iptables-nft-restore <rules.v4
	of rules-$ns.save iptables-nft-save
	nft list ruleset >formats/rules-$ns.list 2>&1
	of filter-$ns.Lnv iptables-nft -L -n -v
	of filter-$ns.S iptables-nft -S
	nft flush ruleset
	iptables-legacy-restore <rules.v4
done
if command -v go >/dev/null; then
	PATH=$PATH:/usr/sbin GOFLAGS=-trimpath go run .. capture node
	rm -f node/*.old
fi
