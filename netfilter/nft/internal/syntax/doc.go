// Package syntax is the language that nft reads and prints: data types with
// their names, headers with their fields, expressions and statements, and how
// they are written as text and as JSON.
package syntax
