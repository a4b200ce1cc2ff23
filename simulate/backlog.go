package simulate

// backlog are the packets of the host's own that come back to it, by lo or as its
// copy of what went to a group, and wait until the processor is done with what it
// is at: the packet that came in, or the table that an answer was sent from
// (net/core/dev.c, netif_rx, process_backlog).
type backlog struct {
	waiting []func()
	held    bool
}

// later lets a packet come back in its turn, which for one that a process sends is
// at once.
func (b *backlog) later(comeBack func()) {
	b.waiting = append(b.waiting, comeBack)
	b.release(b.held)
}

// hold keeps packets waiting until release is given what it returns.
func (b *backlog) hold() (held bool) {
	held, b.held = b.held, true
	return held
}

// release lets the packets that wait come back, unless they are held for other
// reasons, too.
func (b *backlog) release(held bool) {
	if held {
		return
	}
	b.held = true
	for i := 0; i < len(b.waiting); i++ { // more may come meanwhile
		b.waiting[i]()
	}
	b.waiting, b.held = nil, false
}
