// Package api tests what all exported functions, types and methods of the
// library promise together: whatever values their types allow, none of them
// panics.
package api
