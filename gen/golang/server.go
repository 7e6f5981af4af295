package golang

import "fmt"

// writeServer writes the kernel's side.
func (p *plan) writeServer(w *printer) {
	w.p("// Server is the kernel's side of %s. Embed [Unimplemented] and write the methods that are wanted.\ntype Server interface {", p.spec.Name)
	for _, r := range p.requests {
		w.p("// %s answers %s.\n%s%s", r.method, r.asks(), r.method, r.serverSignature("call ", "req "))
	}
	w.p("}\n")
	w.p("// Unimplemented answers every operation with EOPNOTSUPP.\ntype Unimplemented struct{}\n\nvar _ Server = Unimplemented{}\n")
	for _, r := range p.requests {
		body := "return nl.ErrUnsupported"
		switch {
		case r.dump:
			body = "return nil"
		case r.reply != nil:
			body = "return nil, nl.ErrUnsupported"
		}
		w.p("// %s answers EOPNOTSUPP.\nfunc (Unimplemented) %s%s {\n%s\n}\n", r.method, r.method, r.serverSignature("", ""), body)
	}
	w.p("// Service is what the simulated kernel serves: the family, whose operations s answers.\nfunc Service(s Server) *nl.Service {\nreturn &nl.Service{Family: &family, Handlers: []nl.Handler{")
	for _, r := range p.requests {
		handle := "HandleAck"
		switch {
		case r.dump:
			handle = "HandleDump"
		case r.reply != nil:
			handle = "HandleDo"
		}
		w.p("nl.%s(%s, s.%s),", handle, r.opVar(), r.method)
	}
	w.p("}}\n}\n")
}

func (r *requestType) serverSignature(call, req string) string {
	s := fmt.Sprintf("(%s*nl.Incoming, %s*%s)", call, req, r.name)
	switch {
	case r.dump:
		return s + fmt.Sprintf(" iter.Seq2[*%s, error]", r.reply.name)
	case r.reply != nil:
		return s + fmt.Sprintf(" (*%s, error)", r.reply.name)
	}
	return s + " error"
}
