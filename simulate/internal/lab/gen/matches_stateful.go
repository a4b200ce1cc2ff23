package gen

// StatefulMatches returns matches that remember packets. Their rates are so low
// that the time a test takes brings nothing. connlimit is not among them: what it
// counts depends on which packets share a tick of the kernel's clock; nor is rateest,
// which measures it.
func StatefulMatches() []Entry {
	return []Entry{
		{Name: "limit", Draw: Form("--limit {1|3}/hour --limit-burst {1..5}", "--limit {2|3}/day --limit-burst {1|2}")},
		{Name: "quota", Draw: Form("[!] --quota {0|28|100|200|1000|10000}")},
		{Name: "recent", Weight: 2, Draw: Form("[!] --{set|rcheck|update|remove} --name {name}[ --{rsource|rdest}]", "[!] --{rcheck|update}[ --hitcount {1..5}][ --rttl] --name {name}[ --{rsource|rdest}]",
			"[!] --{rcheck|update} --seconds {1000..9999}[ --reap][ --hitcount {1..5}] --name {name}")},
		{Name: "recent", Families: "4", Draw: Form("[!] --{set|rcheck|update|remove} --name wide --mask {255.255.255.0|255.0.0.255|0.0.0.0}[ --{rsource|rdest}]")},
		{Name: "recent", Families: "6", Draw: Form("[!] --{set|rcheck|update|remove} --name wide --mask {ffff:ffff::|::ffff|::}[ --{rsource|rdest}]")},
		{Name: "hashlimit", Weight: 2, Draw: Form("[!] --hashlimit-{upto|above} {1|3}/hour --hashlimit-burst {1..5} --hashlimit-name {name}[ --hashlimit-mode {srcip,srcport,dstip,dstport,}][ --hashlimit-srcmask {0|8|24|32}]",
			"[!] --hashlimit-{upto|above} {2|3}/hour --hashlimit-rate-match --hashlimit-name rate{0..3} --hashlimit-mode {srcip,srcport,dstip,dstport,}")},
		{Name: "hashlimit", Draw: Form("[!] --hashlimit-{upto|above} 1/hour --hashlimit-burst {1..5} --hashlimit-name {name} --hashlimit-mode dstip --hashlimit-dstmask {0|8|24|32}",
			"[!] --hashlimit-{upto|above} 2/hour --hashlimit-burst 3 --hashlimit-name full{0..1} --hashlimit-mode {srcip,srcport,dstip,dstport,} --hashlimit-htable-max {1..4}[ --hashlimit-htable-size {1|64}]")},
		{Name: "connbytes", Weight: 2, Draw: Form("[!] --connbytes {0..2}:{2..4} --connbytes-mode packets --connbytes-dir {original|reply|both}", "[!] --connbytes {0|29|60|100}[:{100|200}] --connbytes-mode {bytes|avgpkt} --connbytes-dir {original|reply|both}")},
		{Name: "nfacct", Draw: Form("--nfacct-name {gen1|gen2}")},
		{Name: "connlabel", Weight: 2, Draw: Form("[!] --label {0..3}[ --set]")},
		{Name: "cluster", Draw: Form("--cluster-total-nodes {4..9} [!] --cluster-local-node{ |mask }{1..4} --cluster-hash-seed {bits}")},
	}
}
