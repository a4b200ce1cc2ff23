// Package oracle puts the same packets to the live kernel and to the simulator,
// and says where their answers differ. Nothing but tests imports it.
package oracle
