#!/usr/bin/env bash
# Records what this machine's iptables lists of the rules in testdata/ext, into
# rules4.txt and rules6.txt beside this script: the rule as -S prints it, and
# under it the line of -L -n -v. Run as root; it works in a network namespace of
# its own and changes nothing else.
set -euo pipefail
cd "$(dirname "$0")"
if [ -z "${INSIDE-}" ]; then
	INSIDE=1 exec unshare -n "$0" "$@"
fi
record() { # tool, family word of the sections
	local tool=$1 section=$2
	awk -v tool="$section" '
		/^@/ { on = ($1 == ("@" tool)); table = $2; chain = $3; next }
		/^@with|^@ipset/ { next }
		on && split($0, f, " ; ") >= 3 && f[3] == "OK" {
			rule = f[2] == "=" ? f[1] : f[2]
			if (!seen[table rule]++) print table "\t" chain "\t" rule
		}' ../../../testdata/ext/*/*.t |
	while IFS=$'\t' read -r table chain rule; do
		case $chain in PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) new= ;; *) new=":$chain - [0:0]" ;; esac
		printf '*%s\n%s\n-A %s %s\nCOMMIT\n' "$table" "$new" "$chain" "$rule" | $tool-restore 2>/dev/null || continue
		saved=$($tool -t "$table" -S "$chain" | grep '^-A' || true)
		[ -n "$saved" ] || continue
		printf '%s %s\n%s\n' "$table" "$saved" "$($tool -t "$table" -L "$chain" -n -v | sed -n '3p')"
	done
}
record iptables-legacy iptables >rules4.txt
record ip6tables-legacy ip6tables >rules6.txt
