package simulate

// Fate is what became of a packet. The zero value is Undecided.
type Fate uint8

// The fates. The first four let the packet through.
const (
	// Undecided: the simulation could not go on; Result.Err says why.
	Undecided Fate = iota
	// Delivered: handed to the host itself.
	Delivered
	// Forwarded: came in by one link and left by another.
	Forwarded
	// Sent: made by the host and left it.
	Sent
	// Dropped: a rule, a policy or NAT dropped it without a word.
	Dropped
	// Rejected: a REJECT rule dropped it and answered.
	Rejected
	// NoRoute: there is no way to the destination, or the host does not
	// forward.
	NoRoute
	// Martian: source or destination is impossible where it arrived.
	Martian
	// Expired: its time to live ran out here.
	Expired
	// TooBig: it does not fit the link it has to leave by and may not be
	// fragmented.
	TooBig
	// Malformed: the IP header itself is refused before any rule.
	Malformed
	// Queued: handed to user space.
	Queued
	// Stolen: a target took it over.
	Stolen
)

var fateNames = [...]string{"undecided", "delivered", "forwarded", "sent", "dropped", "rejected", "no route", "martian",
	"expired", "too big", "malformed", "queued", "stolen"}

// String returns the fate in lower-case words.
func (f Fate) String() string {
	if int(f) < len(fateNames) {
		return fateNames[f]
	}
	return "fate?"
}

// Passed reports whether the packet got through: delivered, forwarded or sent.
func (f Fate) Passed() bool { return f == Delivered || f == Forwarded || f == Sent }
