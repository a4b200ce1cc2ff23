package syntax

// set writes the elements of a set on one line.
func (p *Printer) set(e *Set) {
	if len(e.Elems) == 0 {
		p.put("{ }")
		return
	}
	p.put("{ ")
	for i, x := range e.Elems {
		if i > 0 {
			p.put(", ")
		}
		p.Elem(x)
	}
	p.put(" }")
}

// Elem writes an element of a set or map.
func (p *Printer) Elem(e *Elem) {
	if e.Key == nil {
		p.put("*")
	} else {
		p.Expr(e.Key)
	}
	for _, s := range e.Stmts {
		p.put(" ")
		p.Stmt(s)
	}
	if e.Never {
		p.put(" timeout never")
	} else if e.Timeout != 0 {
		p.put(" timeout ", p.time(e.Timeout))
	}
	if e.Expires != 0 && !p.Stateless {
		p.put(" expires ", p.time(e.Expires))
	}
	if e.Comment != "" {
		p.put(` comment "`, e.Comment, `"`)
	}
	if e.Data != nil {
		p.put(" : ")
		p.Expr(e.Data)
	}
}
