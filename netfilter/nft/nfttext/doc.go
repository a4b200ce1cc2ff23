// Package nfttext reads and writes nftables rulesets as text and as JSON: what
// nft list ruleset prints, and the files that nft -f loads.
package nfttext
