// Package decompile translates the expressions of a rule to the statements of a
// listing, as nft does with the expressions that the kernel returns
// (src/netlink_delinearize.c).
package decompile
