package genetlink

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

var testNames = Names{
	1: {Name: "header", Nested: Names{1: {Name: "dev-index"}, 2: {Name: "dev-name"}, 5: {Name: "more", Nested: Names{1: {Name: "deep"}}}}},
	2: {Name: "msg"},
	3: {Name: "list", Nested: Names{}},
	9: {Nested: Names{1: {Name: "known"}}},
}

// namedRequest is a request with the attributes of testNames, and where they lie.
func namedRequest(t testing.TB, user []byte) (req wire.Message, at map[string]int) {
	at = map[string]int{}
	var b wire.Builder
	Begin(&b, 0x13, 0, Header{Cmd: 1}, user)
	here := func(name string) { at[name] = b.Len() }
	here("msg")
	b.Text(2, "five!") // padded
	here("header")
	header := b.Nest(1)
	here("dev-index")
	b.Uint32(1, 7)
	here("dev-name")
	b.Text(2, "eth0")
	here("unnamed in header")
	b.Uint8(77, 1)
	here("more")
	more := b.NestPlain(5)
	here("deep")
	b.Flag(1)
	b.End(more)
	b.End(header)
	here("list")
	list := b.NestPlain(3)
	here("entry")
	entry := b.Nest(1)
	here("in entry")
	b.Flag(4)
	b.End(entry)
	b.End(list)
	here("nameless")
	nameless := b.Nest(9)
	here("known")
	b.Uint16(1, 1)
	b.End(nameless)
	here("unknown")
	unknown := b.Nest(42)
	here("in unknown")
	b.Flag(1)
	b.End(unknown)
	here("end")
	req, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return req, at
}

func TestNamesExplain(t *testing.T) {
	for _, user := range [][]byte{nil, {1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7}} {
		req, at := namedRequest(t, user)
		for place, want := range map[string]string{
			"msg": ".msg", "header": ".header", "dev-index": ".header.dev-index", "dev-name": ".header.dev-name",
			"unnamed in header": ".header.77", "more": ".header.more", "deep": ".header.more.deep",
			"list": ".list", "entry": ".list.1", "in entry": ".list.1.4",
			"nameless": "", "known": ".9.known", "unknown": "", "in unknown": "", "end": "",
		} {
			e := netlink.Error{ExtAck: netlink.ExtAck{HasOffset: true, Offset: at[place]}}
			testNames.Explain(&e, req, len(user))
			if e.Attr != want || e.Missing != "" {
				t.Errorf("user header of %d bytes, %s at %d: %q and missing %q, want %q", len(user), place, at[place], e.Attr, e.Missing, want)
			}
		}
		for _, tt := range []struct {
			nest string
			typ  uint16
			want string
		}{
			{"", 2, ".msg"}, {"", 1, ".header"}, {"", 42, ""}, {"", 9, ""},
			{"header", 2, ".header.dev-name"}, {"header", 99, ".header.99"}, {"more", 1, ".header.more.deep"},
			{"nameless", 1, ".9.known"}, {"nameless", 2, ""}, {"unknown", 1, ""}, {"end", 1, ""},
		} {
			e := netlink.Error{ExtAck: netlink.ExtAck{HasMissingType: true, MissingType: tt.typ, HasMissingNest: tt.nest != "", MissingNest: at[tt.nest]}}
			testNames.Explain(&e, req, len(user))
			if e.Missing != tt.want || e.Attr != "" {
				t.Errorf("user header of %d bytes, missing %d in %q: %q and attribute %q, want %q", len(user), tt.typ, tt.nest, e.Missing, e.Attr, tt.want)
			}
		}
	}
}

// TestNamesHostile: what the request does not bear out is left out.
func TestNamesHostile(t *testing.T) {
	req, at := namedRequest(t, nil)
	for _, off := range []int{-1 << 31, -20, -1, 0, 1, 16, 19, at["msg"] + 1, at["msg"] + 4, at["msg"] + 10, at["header"] + 2,
		at["dev-index"] + 4, at["end"], at["end"] + 1, 1<<31 - 1} {
		e := netlink.Error{ExtAck: netlink.ExtAck{HasOffset: true, Offset: off, HasMissingType: true, MissingType: 2, HasMissingNest: true, MissingNest: off}}
		testNames.Explain(&e, req, 0)
		if e.Attr != "" || e.Missing != "" {
			t.Errorf("offset %d: attribute %q, missing %q, want neither", off, e.Attr, e.Missing)
		}
	}
	// Shorter than its headers, and names that are not there.
	for n := range len(req) {
		for _, names := range []Names{nil, testNames} {
			e := netlink.Error{ExtAck: netlink.ExtAck{HasOffset: true, Offset: at["known"]}}
			names.Explain(&e, req[:n], 1<<20)
			if e.Attr != "" {
				t.Errorf("%d bytes: %q", n, e.Attr)
			}
		}
	}
}

// FuzzNames: an answer may hold any offsets, and the request any attributes.
func FuzzNames(f *testing.F) {
	req, at := namedRequest(f, nil)
	f.Add([]byte(req), at["deep"], at["header"], uint16(2), 0)
	f.Add([]byte(req), at["known"], at["in unknown"], uint16(1), 4)
	f.Add([]byte(req), -1, 1<<31-1, uint16(0xffff), -4)
	loop := Names{2: {Name: "leaf"}}
	loop[1] = Name{Name: "loop", Nested: loop}
	f.Fuzz(func(t *testing.T, req []byte, off, nest int, typ uint16, headerLen int) {
		for _, names := range []Names{testNames, loop, nil} {
			e := netlink.Error{ExtAck: netlink.ExtAck{
				HasOffset: true, Offset: off, HasMissingType: true, MissingType: typ, HasMissingNest: true, MissingNest: nest,
			}}
			names.Explain(&e, req, headerLen)
			for path, off := range map[string]int{e.Attr: off, e.Missing: nest} {
				if path == "" {
					continue
				}
				if names == nil || path[0] != '.' || strings.Contains(path, "..") {
					t.Errorf("path %q", path)
				}
				if off < wire.HeaderLen+HeaderLen || off+wire.AttrHeaderLen > len(req) {
					t.Errorf("path %q for offset %d of %d bytes", path, off, len(req))
				}
			}
		}
	})
}
