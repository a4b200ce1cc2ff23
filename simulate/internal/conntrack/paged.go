package conntrack

import "slices"

// paged is an array with copy-on-write pages: the cost of a copy is proportional to the
// number of pages, not of elements. Only the first page grows; all others are allocated
// with their full size. bits must be set before use.
type paged[T any] struct {
	pages []page[T]
	n     int
	bits  uint8 // a full page has 1<<bits elements
}

type page[T any] struct {
	items  []T
	shared bool // the page is shared with a copy
}

// clone returns a copy.
func (p *paged[T]) clone() paged[T] {
	for i := range p.pages {
		if !p.pages[i].shared {
			p.pages[i].shared = true
		}
	}
	c := *p
	c.pages = slices.Clone(p.pages)
	return c
}

// at returns an element for reading.
func (p *paged[T]) at(i uint32) *T {
	return &p.pages[i>>p.bits].items[i&(1<<p.bits-1)]
}

// edit returns an element for writing.
func (p *paged[T]) edit(i uint32) *T {
	g := &p.pages[i>>p.bits]
	if g.shared {
		g.items, g.shared = append(make([]T, 0, cap(g.items)), g.items...), false
	}
	return &g.items[i&(1<<p.bits-1)]
}

// grow appends an element that is zero and returns its index.
func (p *paged[T]) grow() uint32 {
	i := uint32(p.n)
	full := 1 << p.bits
	if int(i>>p.bits) == len(p.pages) {
		size := full
		if i == 0 {
			size = min(full, 4)
		}
		p.pages = append(p.pages, page[T]{items: make([]T, 0, size)})
	}
	g := &p.pages[i>>p.bits]
	if g.shared || len(g.items) == cap(g.items) {
		g.items, g.shared = append(make([]T, 0, min(2*cap(g.items), full)), g.items...), false
	}
	var zero T
	g.items = append(g.items, zero)
	p.n++
	return i
}

// resize replaces the contents with n zero elements.
func (p *paged[T]) resize(n int) {
	full := 1 << p.bits
	p.pages, p.n = make([]page[T], 0, (n+full-1)/full), n
	for ; n > 0; n -= full {
		p.pages = append(p.pages, page[T]{items: make([]T, min(n, full))})
	}
}

// reset empties the array. The first page is reused unless it is shared.
func (p *paged[T]) reset() {
	p.n = 0
	if len(p.pages) == 0 {
		return
	}
	if p.pages[0].shared {
		p.pages = nil
		return
	}
	clear(p.pages[1:])
	p.pages = p.pages[:1]
	clear(p.pages[0].items)
	p.pages[0].items = p.pages[0].items[:0]
}
