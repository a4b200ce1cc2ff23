// Package decompile makes the statements of a listing from a rule's program,
// as nft makes them from what the kernel returns (src/netlink_delinearize.c).
package decompile
