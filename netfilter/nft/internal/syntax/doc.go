// Package syntax models the language of nft: data types with their names,
// headers with their fields, expressions and statements, and their text and
// JSON forms.
package syntax
