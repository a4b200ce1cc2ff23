package parse

func (p *parser) flowtableBlock() *FlowSpec {
	spec := &FlowSpec{}
	p.block(func() {
		switch {
		case p.accept("hook"):
			t := p.next()
			spec.Hook = Ident{t.text, span(t)}
			p.expect("priority")
			spec.Priority = p.priority()
		case p.accept("devices"):
			p.expect("=")
			spec.Devices = append(spec.Devices, p.devices()...)
		case p.accept("flags"):
			p.expect("offload")
			spec.Offload = true
		case p.accept("counter"):
			spec.Counter = true
		default:
			p.unexpected()
		}
		p.end()
	})
	return spec
}
