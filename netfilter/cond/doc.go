// Package cond has the numeric conditions that extensions use: a number, a
// range, a masked number, a range of ports, and a comparison. The zero value of
// each type but Comparison is satisfied by every number.
package cond
