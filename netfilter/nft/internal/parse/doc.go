// Package parse parses the language of nft into commands and statements.
// Symbols are resolved later, by package compile.
package parse
