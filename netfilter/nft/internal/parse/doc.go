// Package parse reads the language of nft into commands and statements. What
// words mean is not decided here.
package parse
