// Package compile makes a rule's program from its statements, as nft does
// before it sends it to the kernel (src/evaluate.c, src/netlink_linearize.c):
// it finds out what words mean, adds the tests that statements depend on and
// puts everything into registers.
package compile
