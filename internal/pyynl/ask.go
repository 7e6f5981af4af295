package pyynl

import (
	"context"
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// ask makes the requests.
func (r *run) ask(ctx context.Context, attrs any) error {
	switch {
	case r.o.do != "" && r.o.policy:
		return r.askPolicy(ctx, r.o.do, false)
	case r.o.dump != "" && r.o.policy:
		return r.askPolicy(ctx, r.o.dump, true)
	case r.o.do != "":
		return r.askDo(ctx, attrs)
	case r.o.dump != "":
		return r.askDump(ctx, attrs)
	case len(r.o.multi) > 0:
		return r.askMulti(ctx)
	}
	return nil
}

// request makes the request that the Python client makes: it numbers every
// family's version 1, and asks for an operation as it is told to, whatever the
// spec lists.
func (r *run) request(op string, attrs any) client.Request {
	return client.Request{Op: op, Attrs: attrs, Codec: r.codec(), AnyMode: true, Version: 1}
}

func (r *run) requestFlags() wire.Flags {
	bits := map[string]wire.Flags{"replace": wire.Replace, "excl": wire.Excl, "create": wire.Create, "append": wire.Append}
	var f wire.Flags
	for _, name := range r.o.flags {
		f |= bits[name]
	}
	return f
}

// codec is how values are read and written. A format that the spec lacks is
// looked for in the catalogue, which is opened when the first one is missing.
func (r *run) codec() codec.Options {
	var known *ynl.Spec
	opened := false
	return codec.Options{
		Dialect: codec.Python,
		Fallback: func(s *ynl.SubMessage, value string) *ynl.Format {
			if !opened && r.Catalogue != nil {
				// A family that is not in the catalogue has nothing to add.
				known, _ = r.Catalogue(r.spec.Name)
				opened = true
			}
			if known == nil {
				return nil
			}
			if other := known.SubMessage(s.Name); other != nil {
				return other.Format(value)
			}
			return nil
		},
	}
}

// checkDump refuses a dump that would do something else: in a raw family's
// request to make something the flags of a dump mean "replace" and "only if it is
// new". All the rest is for the kernel to refuse, as with the Python client.
func (r *run) checkDump(name string) error {
	op := r.spec.Op(name)
	if op == nil || op.Dump != nil || op.Do == nil || !r.spec.IsRaw() {
		return nil
	}
	return &client.ModeError{Family: r.spec.Name, Op: op, Dump: true}
}

func (r *run) askDo(ctx context.Context, attrs any) error {
	req := r.request(r.o.do, attrs)
	req.Flags = r.requestFlags()
	var replies []client.Message
	ack, err := r.c.Do(ctx, req, func(m client.Message) error {
		replies = append(replies, m.Clone())
		return nil
	})
	if err != nil {
		return err
	}
	r.warn(ack, false)
	return r.print(func(b []byte) []byte { return appendReplies(b, replies, req.Codec) })
}

// appendReplies appends what one request was answered with: null, an object, or
// several.
func appendReplies(b []byte, replies []client.Message, o codec.Options) []byte {
	switch len(replies) {
	case 0:
		return append(b, "null"...)
	case 1:
		return replies[0].AppendJSON(b, o)
	}
	for i, m := range replies {
		b = append(b, "[,"[min(i, 1)])
		b = m.AppendJSON(b, o)
	}
	return append(b, ']')
}

func (r *run) askDump(ctx context.Context, attrs any) error {
	if err := r.checkDump(r.o.dump); err != nil {
		return err
	}
	req := r.request(r.o.dump, attrs)
	req.Flags = wire.Ack
	if r.o.outputJSON {
		return r.streamDump(ctx, req)
	}
	var list []byte
	ack, err := r.eachEntry(ctx, req, func(m client.Message) error {
		list = append(list, "[,"[min(len(list), 1)])
		list = m.AppendJSON(list, req.Codec)
		return nil
	})
	if err != nil {
		return err
	}
	r.warn(ack, true)
	if list == nil {
		list = []byte("[")
	}
	return r.print(func([]byte) []byte { return append(list, ']') })
}

// streamDump prints a dump as JSON while it arrives. A warning, which is there
// at its end only, comes behind it.
func (r *run) streamDump(ctx context.Context, req client.Request) error {
	sep := "["
	var text []byte
	ack, err := r.eachEntry(ctx, req, func(m client.Message) error {
		// With the codec's Python dialect this is the form of json.dumps already.
		text = m.AppendJSON(append(text[:0], sep...), req.Codec)
		sep = ", "
		_, err := r.out.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	end := "]\n"
	if sep == "[" {
		end = "[]\n"
	}
	if _, err := r.out.Write([]byte(end)); err != nil {
		return err
	}
	r.warn(ack, true)
	return nil
}

// eachEntry goes through a dump.
func (r *run) eachEntry(ctx context.Context, req client.Request, each func(client.Message) error) (netlink.Ack, error) {
	var ack netlink.Ack
	for m, err := range r.c.DumpWith(ctx, req, netlink.DumpOptions{Done: func(a netlink.Ack) { ack = a }}) {
		if err == nil {
			err = each(m)
		}
		if err != nil && !r.torn(err) {
			return ack, err
		}
	}
	return ack, nil
}

// torn reports whether an error only says that the table changed while it was
// read, which the Python client does not look at. It is told on the side.
func (r *run) torn(err error) bool {
	if !errors.Is(err, netlink.ErrDumpInterrupted) {
		return false
	}
	fmt.Fprintf(r.Stderr, "nlkit ynl: warning: %v\n", err)
	return true
}

func (r *run) askMulti(ctx context.Context) error {
	requests := make([]client.Request, len(r.o.multi))
	for i, m := range r.o.multi {
		attrs, err := attributes("--multi "+m[0], m[1])
		if err != nil {
			return err
		}
		requests[i] = r.request(m[0], attrs)
		requests[i].Flags = r.requestFlags()
	}
	results, err := r.c.Multi(ctx, requests)
	if err != nil {
		return err
	}
	for i, res := range results {
		if _, refused := asRefusal(res.Err); refused {
			r.o.do = requests[i].Op // for the names of what is missing
			return res.Err
		}
	}
	for _, res := range results {
		if res.Err != nil {
			return res.Err
		}
		r.warn(res.Ack, false)
	}
	return r.print(func(b []byte) []byte {
		b = append(b, '[')
		for i, res := range results {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendReplies(b, res.Replies, requests[i].Codec)
		}
		return append(b, ']')
	})
}

// askPolicy prints what the kernel accepts, and null where it does not tell: of
// an operation without a policy, and of raw families at all.
func (r *run) askPolicy(ctx context.Context, op string, dump bool) error {
	attrs, ok, err := r.c.Policy(ctx, op, dump)
	if err != nil {
		return err
	}
	return r.print(func(b []byte) []byte {
		if !ok {
			return append(b, "null"...)
		}
		return policyObject(attrs).AppendJSON(b)
	})
}

func (r *run) warn(ack netlink.Ack, dump bool) {
	if !ack.IsZero() {
		fmt.Fprintln(r.out, warning(ack, dump))
	}
}

// print prints one result, which is given as JSON.
func (r *run) print(result func([]byte) []byte) error {
	text := result(nil)
	if r.o.outputJSON {
		_, err := r.out.Write(append(appendPyJSON(nil, text), '\n'))
		return err
	}
	v, err := codec.ParseJSON(text)
	if err != nil {
		return err
	}
	width := r.Width
	if width <= 0 {
		width = 80
	}
	return pprint(r.out, v, width)
}
