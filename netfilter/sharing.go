package netfilter

// Sharing is implemented by extensions that keep their memory in a table that
// several rules name. The kernel looks the table up, or makes it, when it loads
// a rule, so the first rule decides what it is like.
type Sharing interface {
	// SharedKey returns the key under which Engine.Shared finds the table.
	SharedKey() string
	// Join returns the table with this rule's demands met. It is called once
	// for each rule, in the order of loading, before the first packet; t is nil
	// for the first rule.
	Join(t State) State
}
