// Package source makes nodes of the files that people have: it tells files apart
// by what is in them, reads each with the reader for its kind, and notes
// whatever it took off, took for granted or could not take.
package source
