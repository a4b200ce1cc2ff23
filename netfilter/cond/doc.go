// Package cond holds the conditions on numbers that extensions are made of:
// a number, a range, a number under a mask, a range of ports, a comparison.
// The zero value of each is no condition, which every number satisfies.
package cond
