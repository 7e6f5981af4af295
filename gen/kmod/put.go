package kmod

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// list names attributes.
func list(attrs []*ynl.Attr) string {
	const most = 12
	if len(attrs) == 0 {
		return "nothing"
	}
	var names []string
	for i, a := range attrs {
		if i == most && len(attrs) > most+1 {
			names = append(names, fmt.Sprintf("%d more", len(attrs)-most))
			break
		}
		names = append(names, a.Name)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// writeWalks writes what it takes to walk attributes of requests that repeat, or
// hold others by index.
func (p *plan) writeWalks(w *printer) {
	if len(p.walks) == 0 {
		return
	}
	w.section("what repeats in requests: yours to call")
	for _, f := range p.walks {
		name := p.setFunc(f.root) + "_for_each_" + ident(f.base.Name)
		var attrs, doc string
		switch {
		case f.repeats():
			attrs = "nlk_for_each(it, attrs_, " + f.cname + ", rem)"
			doc = fmt.Sprintf("Each %s among attrs_, in the order sent.", f.attr.Name)
		case f.kind == kindTypeValue:
			attrs = "nlk_for_each_entry(it, attrs_, rem)"
			doc = fmt.Sprintf("Each entry of %s: nla_type(it) is its %s.", f.attr.Name, f.attr.TypeValue[0])
			if n := len(f.attr.TypeValue); n > 1 {
				doc += fmt.Sprintf(" Those in it, by %s, are walked with nlk_for_each_entry in nlk_attrs_in(it).", strings.Join(f.attr.TypeValue[1:], " and then "))
			}
		default:
			attrs = "nlk_for_each_entry(it, attrs_, rem)"
			doc = fmt.Sprintf("Each entry of %s: nla_type(it) is its index.", f.attr.Name)
		}
		if f.attr.Nested != nil && f.inner() {
			doc += fmt.Sprintf(" %s_read reads it.", p.setOf[f.attr.Nested].name)
		}
		w.comment(0, doc)
		w.p("#define %s(it, attrs_, rem) \\\n\t%s\n", name, attrs)
		if f.inner() || f.kind == kindFlag {
			continue
		}
		k := f.kind
		if k == kindArray {
			k = f.elem
		}
		result := "static inline " + f.ctype
		if k == kindStruct {
			w.p("%s\n{\n\t%s v;\n\n\tnla_memcpy(&v, it, sizeof(v));\n\treturn v;\n}\n", signature(result, p.fn("get", f), []string{"const struct nlattr *it"}, ")"), f.ctype)
			continue
		}
		w.p("%s\n{\n\treturn %s;\n}\n", signature(result, p.fn("get", f), []string{"const struct nlattr *it"}, ")"), getter(f, k, "it"))
	}
}

// getter is the expression for the value of an attribute.
func getter(f *field, k kind, attr string) string {
	switch k {
	case kindInt:
		t := strings.TrimPrefix(f.ctype, "__")
		return fmt.Sprintf("nla_get_%s(%s)", t, attr)
	case kindUint:
		return fmt.Sprintf("nlk_get_uint(%s)", attr)
	case kindSint:
		return fmt.Sprintf("nlk_get_sint(%s)", attr)
	case kindString:
		return fmt.Sprintf("nla_data(%s)", attr)
	case kindBits32:
		return fmt.Sprintf("nla_get_bitfield32(%s)", attr)
	case kindNest:
		return attr
	case kindArray, kindTypeValue:
		return fmt.Sprintf("nlk_attrs_in(%s)", attr)
	}
	return fmt.Sprintf("nlk_bytes_of(%s)", attr)
}

// writePuts writes what fills replies and notifications.
func (p *plan) writePuts(w *printer) {
	if len(p.puts) == 0 && p.header == nil {
		return
	}
	w.section("what replies and notifications have: yours to call")
	if p.header != nil && p.sends() {
		w.comment(0, "The fixed header, which is zero where nothing is put.")
		w.p("%s\n{\n\tnlk_put_hdr(m, v, sizeof(*v));\n}\n", signature("static inline void", p.fam+"_put_hdr", []string{"struct nlk_msg *m", "const struct " + p.structTag(p.header) + " *v"}, ")"))
	}
	for _, f := range p.puts {
		p.writePut(w, f)
	}
}

// sends reports whether the family ever sends more than an ACK.
func (p *plan) sends() bool {
	for _, o := range p.ops {
		if o.dump != nil || o.do.mode.Reply != nil {
			return true
		}
	}
	return len(p.notes) > 0
}

func (p *plan) writePut(w *printer, f *field) {
	fn := func(name string, params []string, body string) {
		w.p("%s\n{\n\t%s\n}\n", signature("static inline void", name, append([]string{"struct nlk_msg *m"}, params...), ")"), body)
	}
	switch f.kind {
	case kindNest:
		w.comment(0, fmt.Sprintf("Opens %s; nlk_end closes it.", f.attr.Name))
		fn(p.fn("begin", f), nil, fmt.Sprintf("nlk_begin(m, %s);", f.cname))
	case kindArray:
		w.comment(0, fmt.Sprintf("Opens the array %s; nlk_end closes it.", f.attr.Name))
		fn(p.fn("begin", f), nil, fmt.Sprintf("nlk_begin(m, %s);", f.cname))
		if f.elem == kindNest {
			w.comment(0, "Opens an entry; nlk_end closes it.")
			fn(p.entryPuts(f)[0], []string{"u16 index"}, "nlk_begin(m, index);")
			return
		}
		params, body := p.putBody(f, f.elem, "index")
		fn(p.entryPuts(f)[0], append([]string{"u16 index"}, params...), body)
	case kindTypeValue:
		w.comment(0, fmt.Sprintf("Opens %s, and in it a nest by each of %s; nlk_end closes one.", f.attr.Name, strings.Join(f.attr.TypeValue, ", ")))
		fn(p.fn("begin", f), nil, fmt.Sprintf("nlk_begin(m, %s);", f.cname))
		for _, name := range p.entryPuts(f) {
			fn(name, []string{"u16 v"}, "nlk_begin(m, v);")
		}
	default:
		params, body := p.putBody(f, f.kind, f.cname)
		fn(p.fn("put", f), params, body)
	}
}

// putBody is the parameters of a function that puts one value, and what it does.
func (p *plan) putBody(f *field, k kind, number string) (params []string, body string) {
	switch k {
	case kindInt:
		params = []string{f.ctype + " v"}
		body = fmt.Sprintf("nlk_put(m, %s, &v, sizeof(v));", number)
		if pad := p.pad(f); f.size == 8 && f.kind == kindInt && pad != "" {
			body = fmt.Sprintf("nlk_put_64bit(m, %s, &v, %s);", number, pad)
		}
	case kindUint:
		return []string{"u64 v"}, fmt.Sprintf("nlk_put_uint(m, %s, v);", number)
	case kindSint:
		return []string{"s64 v"}, fmt.Sprintf("nlk_put_sint(m, %s, v);", number)
	case kindFlag:
		return nil, fmt.Sprintf("nlk_put(m, %s, NULL, 0);", number)
	case kindString:
		return []string{"const char *v"}, fmt.Sprintf("nlk_put_string(m, %s, v);", number)
	case kindBits32:
		return []string{"u32 value", "u32 selector"}, fmt.Sprintf("nlk_put_bitfield32(m, %s, value, selector);", number)
	case kindStruct:
		return []string{"const " + f.ctype + " *v"}, fmt.Sprintf("nlk_put(m, %s, v, sizeof(*v));", number)
	default:
		params = []string{"const void *v", "size_t len"}
		body = fmt.Sprintf("nlk_put(m, %s, v, len);", number)
		if sub := f.attr.Sub; f.kind == kindBytes && sub.Size() > 0 {
			e := *f.attr
			e.Type = sub
			params = []string{"const " + intType(&e) + " *v", "size_t n"}
			body = fmt.Sprintf("nlk_put(m, %s, v, n * sizeof(*v));", number)
		}
	}
	return params, body
}

// pad is the constant of the attribute that aligns 64 bits in a set; empty where
// there is none.
func (p *plan) pad(f *field) string {
	for _, a := range f.root.Attrs {
		if a.Type == ynl.Pad {
			return p.attrConst(a)
		}
	}
	return ""
}
