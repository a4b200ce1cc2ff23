// Package transcript extracts the output of commands from texts copied from a
// terminal, a ticket or a file manager. It removes compression, byte order
// marks, carriage returns, colours, line numbers, code fences and prompts; the
// remaining lines keep their line numbers.
//
//	segments, notes, err := transcript.Clean("ticket.txt", data)
//
// Everything that is removed is reported as a note, so that a caller can refuse
// it.
package transcript
