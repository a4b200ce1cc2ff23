// Package compile translates the statements of a rule to expressions of the
// kernel, as nft does before it sends them to the kernel (src/evaluate.c,
// src/netlink_linearize.c): it resolves symbols, adds the dependencies of
// statements and allocates registers.
package compile
