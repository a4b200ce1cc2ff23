// Package generatortest looks for mistakes in programs that write rules: it takes
// them from state to state, as they live on a host, and holds what the rules do
// with drawn packets against a model.
//
// What is tested is a sequence of steps on one host: the state changes and the
// program updates its rules, packets are sent, connections are opened and go on
// while rules are replaced under them, time passes. A [Trial] says what a state
// is, how it changes, how the program is run, and what packets should come to:
//
//	var trial = generatortest.Trial[State]{
//		Host:      "link eth0 192.0.2.7/24; link cni0 10.244.1.1/24",
//		Start:     func() State { return State{} },
//		Change:    func(c *generatortest.Choices, s State) (State, string) { … },
//		Generator: func() generatortest.Generator[State] { return NewGenerator().Sync },
//		Packet:    func(c *generatortest.Choices, s State) string { … },
//		Model:     func(s State, p generatortest.Packet) simtest.Want { … },
//	}
//
//	func TestStates(t *testing.T) { trial.Run(t, 1, 20) }
//
//	func FuzzStates(f *testing.F) { trial.Fuzz(f) }
//
// TestStates runs the same 20 sequences every time; "go test -fuzz FuzzStates"
// goes on for as long as it is let. The model is best written from what users are
// promised, not from how the rules do it.
//
// A sequence that fails is made as short as possible: steps are left out as long
// as it still fails. What is left is printed with the texts or commands of the
// program and the host as a case file (package casefile), which runs without the
// program.
//
// Connections go on over all changes of rules, but not of IP sets: when the program
// has changed a set, those that were open are forgotten.
//
// Packets that were the first to match a rule are kept, and every other packet is
// drawn by the same choices but one: they come back when the rules have changed,
// and look into the neighbourhood of what is rare.
package generatortest
