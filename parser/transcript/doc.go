// Package transcript takes the wrapping off texts that were copied from a
// terminal, a ticket or a file manager: compression, byte order marks, carriage
// returns, colours, line numbers, code fences and prompts. What is left is what
// the command printed, line by line where it stood.
//
//	segments, notes, err := transcript.Clean("ticket.txt", data)
//
// Everything that is taken off is noted, so that a caller can refuse it.
package transcript
