// Package source builds nodes from files in several formats: it detects the
// format of each file, parses it with the parser for that format, and reports
// everything that it removed, assumed or could not parse as notes.
package source
