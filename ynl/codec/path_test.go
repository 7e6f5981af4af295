package codec

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

const pathSpec = `
name: quay
doc: All that can hold attributes.
protocol: netlink-raw
protonum: 25
definitions:
  - name: hdr
    type: struct
    members: [{name: family, type: u8}, {name: index, type: u32}, {name: odd, type: u8}]
attribute-sets:
  - name: quay
    attributes:
      - {name: kind, type: string}
      - {name: data, type: sub-message, sub-message: data-msg, selector: kind}
      - {name: info, type: nest, nested-attributes: info}
      - {name: list, type: nest, nested-attributes: info, multi-attr: true}
      - {name: nests, type: indexed-array, sub-type: nest, nested-attributes: info}
      - {name: plain, type: indexed-array, sub-type: u32}
      - {name: one, type: nest-type-value, type-value: [op], nested-attributes: info}
      - {name: two, type: nest-type-value, type-value: [op, attr], nested-attributes: info}
      - {name: blob, type: binary}
      - {name: pad, type: pad}
  - name: info
    attributes:
      - {name: id, type: u32}
      - {name: tell, type: sub-message, sub-message: data-msg, selector: kind}
      - {name: deep, type: nest, nested-attributes: info}
      - {name: number, type: u16}
      - {name: by-number, type: sub-message, sub-message: data-msg, selector: number}
sub-messages:
  - name: data-msg
    formats:
      - {value: set, attribute-set: info}
      - {value: both, fixed-header: hdr, attribute-set: info}
      - {value: header, fixed-header: hdr}
      - {value: nothing}
      - {value: "7", attribute-set: info}
operations:
  list:
    - name: get
      doc: look
      attribute-set: quay
      fixed-header: hdr
      do: {request: {value: 16, attributes: [kind]}}
`

// pathLayouts are the layouts of pathSpec with its fixed header and without.
func pathLayouts(tb testing.TB) (with, without Layout) {
	tb.Helper()
	s, err := ynl.Parse("quay.yaml", []byte(pathSpec))
	if err != nil {
		tb.Fatal(err)
	}
	with = Of(s.Op("get"))
	if with.Header == nil || with.Header.Size%4 == 0 {
		tb.Fatal("the header is to have a size that needs padding")
	}
	return with, Layout{Set: with.Set}
}

// marked remembers where the next attribute begins.
type marked struct {
	wire.Builder
	at int
}

func (m *marked) mark() { m.at = m.Len() }

// in puts what fn appends into a nest.
func (m *marked) in(typ uint16, fn func()) {
	n := m.Nest(typ)
	fn()
	m.End(n)
}

// The numbers of pathSpec's attributes.
const (
	tKind, tData, tInfo, tList, tNests, tPlain, tOne, tTwo, tBlob, tPad = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	tID, tTell, tDeep, tNumber, tByNumber                               = 1, 2, 3, 4, 5
)

// pathCases each build a payload and mark an attribute in it. An empty path
// means that there is none.
var pathCases = []struct {
	name           string
	build          func(m *marked)
	native, python string
}{
	{"first", func(m *marked) { m.mark(); m.Text(tKind, "set") }, ".kind", ".kind"},
	{"second", func(m *marked) { m.Text(tKind, "s"); m.mark(); m.Flag(tBlob) }, ".blob", ".blob"},
	{"in a nest", func(m *marked) {
		m.in(tInfo, func() { m.Uint32(4, 1); m.in(tDeep, func() { m.mark(); m.Uint32(tID, 1) }) })
	}, ".info.deep.id", ".info.deep.id"},
	{"nest without the mark", func(m *marked) {
		n := m.NestPlain(tInfo)
		m.mark()
		m.Uint32(tID, 1)
		m.End(n)
	}, ".info.id", ".info.id"},
	{"sub-message itself", func(m *marked) {
		m.Text(tKind, "set")
		m.mark()
		m.in(tData, func() { m.Uint32(tID, 1) })
	}, ".data", ".data"},
	{"in a sub-message", func(m *marked) {
		m.Text(tKind, "set")
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
	}, ".data(set).id", ".data(set).id"},
	{"selector behind it", func(m *marked) {
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
		m.Text(tKind, "set")
	}, ".data(set).id", ".data(set).id"},
	{"behind a sub-message's header", func(m *marked) {
		m.Text(tKind, "both")
		m.in(tData, func() { m.Raw(make([]byte, 6)); m.Uint32(tNumber, 1); m.mark(); m.Uint32(tID, 1) })
	}, ".data(both).id", ".data(both).id"},
	{"in a sub-message's header", func(m *marked) {
		m.Text(tKind, "both")
		m.in(tData, func() { m.mark(); m.Raw(make([]byte, 6)) })
	}, "", ""},
	{"in a sub-message that is a header", func(m *marked) {
		m.Text(tKind, "header")
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
	}, "", ""},
	{"in a sub-message of unknown format", func(m *marked) {
		m.Text(tKind, "new")
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
	}, ".data(new).attr-1", ""},
	{"in a sub-message of a format of nothing", func(m *marked) {
		m.Text(tKind, "nothing")
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
	}, ".data(nothing).attr-1", ""},
	{"format of the options", func(m *marked) {
		m.Text(tKind, "fallback")
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
	}, ".data(fallback).id", ".data(fallback).id"},
	{"in a sub-message without selector", func(m *marked) {
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
	}, ".data.attr-1", ""},
	{"selector in a nest around", func(m *marked) {
		m.Text(tKind, "set")
		m.in(tInfo, func() { m.in(tDeep, func() { m.in(tTell, func() { m.mark(); m.Uint32(tID, 1) }) }) })
	}, ".info.deep.tell(set).id", ".info.deep.tell(set).id"},
	{"selector that is a number", func(m *marked) {
		m.in(tInfo, func() { m.Uint16(tNumber, 7); m.in(tByNumber, func() { m.mark(); m.Uint32(tID, 1) }) })
	}, ".info.by-number(7).id", ".info.by-number(7).id"},
	{"selector of the innermost level only", func(m *marked) {
		m.in(tInfo, func() {
			m.Uint16(tNumber, 7)
			m.in(tDeep, func() { m.in(tByNumber, func() { m.mark(); m.Uint32(tID, 1) }) })
		})
	}, ".info.deep.by-number.attr-1", ""},
	{"alone of a list", func(m *marked) {
		m.in(tList, func() { m.mark(); m.Uint32(tID, 1) })
	}, ".list.id", ".list.id"},
	{"first of a list", func(m *marked) {
		m.in(tList, func() { m.mark(); m.Uint32(tID, 1) })
		m.Text(tKind, "set")
		m.in(tList, func() {})
	}, ".list[0].id", ".list.id"},
	{"third of a list", func(m *marked) {
		m.in(tList, func() {})
		m.Text(tKind, "set")
		m.in(tList, func() {})
		m.mark()
		m.in(tList, func() {})
	}, ".list[2]", ".list"},
	{"sub-message of several", func(m *marked) {
		m.Text(tKind, "set")
		m.in(tData, func() {})
		m.in(tData, func() { m.mark(); m.Uint32(tID, 1) })
	}, ".data[1](set).id", ".data(set).id"},
	{"element", func(m *marked) {
		m.in(tNests, func() { m.in(3, func() {}); m.mark(); m.in(4, func() {}) })
	}, ".nests[4]", ".nests"},
	{"in an element", func(m *marked) {
		m.in(tNests, func() { m.in(0, func() {}); m.in(3, func() { m.mark(); m.Uint32(tID, 1) }) })
	}, ".nests[3].id", ".nests.id"},
	{"element without attributes", func(m *marked) {
		m.in(tPlain, func() { m.Uint32(1, 1); m.mark(); m.Uint32(2, 1) })
	}, ".plain[2]", ".plain"},
	{"in an element that is no nest", func(m *marked) {
		m.in(tPlain, func() { m.in(1, func() { m.mark(); m.Uint32(2, 1) }) })
	}, ".plain[1].attr-2", ""},
	{"one value", func(m *marked) {
		m.in(tOne, func() { m.in(9, func() { m.mark(); m.Uint32(tID, 1) }) })
	}, ".one[9].id", ".one.id"},
	{"two values", func(m *marked) {
		m.in(tTwo, func() { m.in(1, func() { m.in(2, func() { m.mark(); m.Uint32(tID, 1) }) }) })
	}, ".two[1][2].id", ".two.id"},
	{"the first of two values", func(m *marked) {
		m.in(tTwo, func() { m.in(1, func() {}); m.mark(); m.in(5, func() {}) })
	}, ".two[5]", ".two"},
	{"unknown", func(m *marked) { m.mark(); m.Uint32(60, 1) }, "", ""},
	{"unknown in unknown", func(m *marked) { m.in(60, func() { m.mark(); m.Uint32(61, 1) }) }, "", ""},
	{"unknown in a nest", func(m *marked) {
		m.in(tInfo, func() { m.mark(); m.Uint32(60, 1) })
	}, ".info.attr-60", ""},
	{"in an unknown nest of a nest", func(m *marked) {
		m.in(tInfo, func() { m.in(60, func() { m.Uint32(1, 1); m.mark(); m.Uint32(1, 1) }) })
	}, ".info.attr-60.attr-1[1]", ""},
	{"in unknown bytes", func(m *marked) {
		m.in(tInfo, func() { n := m.NestPlain(60); m.mark(); m.Uint32(1, 1); m.End(n) })
	}, "", ""},
	{"in a nest that is padding", func(m *marked) {
		m.in(tPad, func() { m.mark(); m.Uint32(1, 1) })
	}, ".pad.attr-1", ""},
	{"behind an unknown", func(m *marked) { m.Uint32(60, 1); m.mark(); m.Flag(tBlob) }, ".blob", ".blob"},
	{"in binary", func(m *marked) { m.in(tBlob, func() { m.mark(); m.Uint32(1, 1) }) }, "", ""},
	{"in an attribute's header", func(m *marked) { m.mark(); m.at += 2; m.in(tInfo, func() { m.Uint32(1, 1) }) }, "", ""},
	{"in padding", func(m *marked) { m.Attr(tBlob, []byte{1}); m.mark(); m.at -= 1 }, "", ""},
	{"at the end", func(m *marked) { m.Text(tKind, "set"); m.mark() }, "", ""},
	{"beyond", func(m *marked) { m.Text(tKind, "set"); m.at = math.MaxInt }, "", ""},
	{"negative", func(m *marked) { m.Text(tKind, "set"); m.at = -1 }, "", ""},
	{"as negative as can be", func(m *marked) { m.Text(tKind, "set"); m.at = math.MinInt }, "", ""},
	{"behind what is malformed", func(m *marked) { m.Raw([]byte{3, 0, 1, 0}); m.mark(); m.Flag(tBlob) }, "", ""},
	{"too deep", func(m *marked) { nestDeep(m, maxDepth) }, "", ""},
	{"just deep enough", func(m *marked) { nestDeep(m, maxDepth-1) },
		".info" + strings.Repeat(".deep", maxDepth-2) + ".id", ".info" + strings.Repeat(".deep", maxDepth-2) + ".id"},
}

// nestDeep marks an attribute that lies in some nests.
func nestDeep(m *marked, depth int) {
	var deeper func(typ uint16, n int)
	deeper = func(typ uint16, n int) {
		if n == 0 {
			m.mark()
			m.Uint32(tID, 1)
			return
		}
		m.in(typ, func() { deeper(tDeep, n-1) })
	}
	deeper(tInfo, depth)
}

// pathOptions are those of a dialect, with a format that the spec lacks.
func pathOptions(l Layout, d Dialect) Options {
	return Options{Dialect: d, Fallback: func(s *ynl.SubMessage, value string) *ynl.Format {
		if value == "fallback" {
			return s.Format("set")
		}
		return nil
	}}
}

// built returns what a case builds behind a header, and the mark.
func built(tb testing.TB, header int, build func(m *marked)) (payload []byte, at int) {
	tb.Helper()
	var m marked
	if header > 0 {
		m.Raw(make([]byte, header))
	}
	build(&m)
	payload, err := m.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return payload, m.at
}

func TestPath(t *testing.T) {
	with, without := pathLayouts(t)
	for _, c := range pathCases {
		t.Run(c.name, func(t *testing.T) {
			for _, l := range []Layout{with, without} {
				header := 0
				if l.Header != nil {
					header = l.Header.Size
				}
				p, at := built(t, header, c.build)
				for d, want := range []string{Native: c.native, Python: c.python} {
					got, a, ok := l.Path(p, at, pathOptions(l, Dialect(d)))
					if got != want || ok != (want != "") {
						t.Errorf("header of %d bytes, dialect %d: %q, %v; want %q", header, d, got, ok, want)
					}
					if !ok && a != nil {
						t.Errorf("attribute %s without a path", a.Name)
					}
				}
			}
		})
	}
}

// TestPathAttr checks which attribute is told.
func TestPathAttr(t *testing.T) {
	_, l := pathLayouts(t)
	set := l.Set.Attr("info").Nested
	for _, c := range []struct {
		path  string
		want  *ynl.Attr
		build func(m *marked)
	}{
		{".kind", l.Set.Attr("kind"), func(m *marked) { m.mark(); m.Text(tKind, "") }},
		{".info.id", set.Attr("id"), func(m *marked) { m.in(tInfo, func() { m.mark(); m.Flag(tID) }) }},
		{".plain[5]", l.Set.Attr("plain"), func(m *marked) { m.in(tPlain, func() { m.mark(); m.Flag(5) }) }},
		{".info.attr-60", nil, func(m *marked) { m.in(tInfo, func() { m.mark(); m.Flag(60) }) }},
	} {
		p, at := built(t, 0, c.build)
		if path, a, ok := l.Path(p, at, Options{}); path != c.path || a != c.want || !ok {
			t.Errorf("%q, %v, %v; want %q, %v", path, a, ok, c.path, c.want)
		}
	}
}

func TestPathShort(t *testing.T) {
	l, _ := pathLayouts(t)
	for _, n := range []int{0, 1, 11, 12, 13} {
		if path, _, ok := l.Path(make([]byte, n), 12, Options{}); ok {
			t.Errorf("%d bytes: %q", n, path)
		}
	}
	if path, _, ok := (Layout{}).Path([]byte{4, 0, 4, 0}, 0, Options{}); ok || path != "" {
		t.Errorf("no set: %q, %v", path, ok)
	}
}

func TestMissingPath(t *testing.T) {
	with, without := pathLayouts(t)
	itself := func(m *marked) { m.Text(tKind, "set"); m.at = -1 }
	for _, c := range []struct {
		name           string
		build          func(m *marked)
		typ            uint16
		native, python string
		attr           string // "" for none
	}{
		{"from the message", itself, tKind, ".kind", ".kind", "kind"},
		{"with flags in its type", itself, tInfo | wire.AttrNested, ".info", ".info", "info"},
		{"unknown, from the message", itself, 60, "", "", ""},
		{"from a nest", func(m *marked) { m.mark(); m.in(tInfo, func() {}) }, tID, ".info.id", ".info.id", "id"},
		{"unknown", func(m *marked) { m.mark(); m.in(tInfo, func() {}) }, 60, ".info.attr-60", "", ""},
		{"from one of several", func(m *marked) {
			m.in(tList, func() {})
			m.mark()
			m.in(tList, func() {})
		}, tID, ".list[1].id", ".list.id", "id"},
		{"from a sub-message", func(m *marked) {
			m.Text(tKind, "set")
			m.mark()
			m.in(tData, func() {})
		}, tID, ".data(set).id", ".data(set).id", "id"},
		{"from a sub-message with a header cut short", func(m *marked) {
			m.Text(tKind, "both")
			m.mark()
			m.Flag(tData)
		}, tID, ".data(both).id", ".data(both).id", "id"},
		{"from a sub-message of unknown format", func(m *marked) {
			m.Text(tKind, "new")
			m.mark()
			m.in(tData, func() {})
		}, tID, ".data(new).attr-1", "", ""},
		{"from an element", func(m *marked) {
			m.in(tNests, func() { m.mark(); m.in(3, func() {}) })
		}, tID, ".nests[3].id", ".nests.id", "id"},
		{"from an array", func(m *marked) { m.mark(); m.in(tNests, func() {}) }, 3, ".nests.attr-3", "", ""},
		{"from a nest of values", func(m *marked) {
			m.in(tTwo, func() { m.in(1, func() { m.mark(); m.in(2, func() {}) }) })
		}, tID, ".two[1][2].id", ".two.id", "id"},
		{"from what has no attributes", func(m *marked) { m.mark(); m.Text(tKind, "set") }, tID, ".kind.attr-1", "", ""},
		{"from an unknown nest", func(m *marked) { m.mark(); m.in(60, func() {}) }, tID, "", "", ""},
		{"from between attributes", func(m *marked) { m.mark(); m.at += 4; m.Text(tKind, "set") }, tID, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, l := range []Layout{with, without} {
				header := 0
				if l.Header != nil {
					header = l.Header.Size
				}
				p, at := built(t, header, c.build)
				for d, want := range []string{Native: c.native, Python: c.python} {
					got, a, ok := l.MissingPath(p, at, c.typ, pathOptions(l, Dialect(d)))
					if got != want || ok != (want != "") {
						t.Errorf("header of %d bytes, dialect %d: %q, %v; want %q", header, d, got, ok, want)
					}
					name := ""
					if a != nil {
						name = a.Name
					}
					if ok && name != c.attr {
						t.Errorf("attribute %q, want %q", name, c.attr)
					}
				}
			}
		})
	}
}

// goldenDir is where the conversations of Python's client are, in workplaces that
// have them.
const (
	goldenDir   = "../../../shared/golden"
	goldenSpecs = "../../../shared/specs"
)

var (
	goldenSpec = regexp.MustCompile(`--spec "\$SPECS/([a-z0-9_-]+)\.yaml" --(?:do|dump) ([a-z0-9-]+)`)
	goldenPath = regexp.MustCompile(`'bad-attr': '([^']+)'`)
)

// TestPathGolden compares paths with those that Python's client printed.
func TestPathGolden(t *testing.T) {
	outs, err := filepath.Glob(goldenDir + "/*.out")
	if err != nil {
		t.Fatal(err)
	}
	if len(outs) == 0 {
		testenv.Missing(t, "golden", "there are no recordings in "+goldenDir)
	}
	compared := 0
	for _, file := range outs {
		want := goldenPath.FindStringSubmatch(string(goldenFile(t, file)))
		if want == nil {
			continue
		}
		base := strings.TrimSuffix(file, ".out")
		m := goldenSpec.FindStringSubmatch(string(goldenFile(t, base+".cmd")))
		if m == nil {
			t.Errorf("%s: no spec and operation in its command", base)
			continue
		}
		s, err := ynl.ParseFile(filepath.Join(goldenSpecs, m[1]+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		head := wire.HeaderLen
		if !s.IsRaw() {
			head += genetlink.HeaderLen
		}
		req, at := refused(t, base+".rec")
		if len(req) < head {
			t.Errorf("%s: no request that was refused at an offset", base)
			continue
		}
		got, a, ok := Of(s.Op(m[2])).Path(req[head:], at-head, Options{Dialect: Python})
		if got != want[1] || !ok || a == nil {
			t.Errorf("%s: %q, %v; want %q", base, got, ok, want[1])
		}
		compared++
	}
	if compared < 10 {
		t.Errorf("%d recordings with a path", compared)
	}
}

// refused is the last request of a recording, and the offset the kernel answered.
func refused(t *testing.T, file string) (req []byte, at int) {
	t.Helper()
	at = -1
	for line := range strings.Lines(string(goldenFile(t, file))) {
		var d struct{ Dir, Hex string }
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		b, err := hex.DecodeString(d.Hex)
		if err != nil {
			t.Fatal(err)
		}
		if d.Dir == "tx" {
			req, at = b, -1
			continue
		}
		for m, err := range wire.Messages(b) {
			if err != nil {
				t.Fatal(err)
			}
			if m.Type() != wire.TypeError && m.Type() != wire.TypeDone {
				continue
			}
			ack, err := wire.ParseAck(m)
			if err != nil {
				t.Fatal(err)
			}
			const offs = 2 // NLMSGERR_ATTR_OFFS of linux/netlink.h
			if a, ok := wire.FindAttr(ack.TLVs, offs); ok {
				v, err := a.Uint32()
				if err != nil {
					t.Fatal(err)
				}
				at = int(v)
			}
		}
	}
	return req, at
}

func goldenFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzPath looks for paths in any bytes. What is found must begin an attribute,
// and what is missing must be missing from one that is found.
func FuzzPath(f *testing.F) {
	with, without := pathLayouts(f)
	for _, c := range pathCases {
		if c.name == "too deep" || c.name == "just deep enough" {
			continue
		}
		p, at := built(f, with.Header.Size, c.build)
		f.Add(p, at, uint16(tID))
	}
	f.Fuzz(func(t *testing.T, p []byte, at int, typ uint16) {
		for _, l := range []Layout{with, without} {
			for _, d := range []Dialect{Native, Python} {
				o := pathOptions(l, d)
				path, a, ok := l.Path(p, at, o)
				if !ok {
					if path != "" || a != nil {
						t.Fatalf("%q and %v, but not ok", path, a)
					}
				} else {
					checkPath(t, l, p, at, d, path)
					if got, _, _ := l.Path(p, at+1, o); got != "" {
						t.Fatalf("%q a byte behind %q", got, path)
					}
				}
				path, a, ok = l.MissingPath(p, at, typ, o)
				if !ok && (path != "" || a != nil) {
					t.Fatalf("missing: %q and %v, but not ok", path, a)
				}
				if at < 0 && ok != (l.Set.ByID(typ&wire.AttrTypeMask) != nil) {
					t.Fatalf("missing %d from the message: %q, %v", typ, path, ok)
				}
				if _, _, there := l.Path(p, at, o); ok && at >= 0 && !there {
					t.Fatalf("missing: %q, but nothing begins at %d", path, at)
				}
			}
		}
	})
}

// checkPath checks what holds for every path that is found.
func checkPath(t *testing.T, l Layout, p []byte, at int, d Dialect, path string) {
	t.Helper()
	if at < 0 || at >= len(p) {
		t.Fatalf("%q at %d of %d bytes", path, at, len(p))
	}
	if _, ok := first(p[at:]); !ok {
		t.Fatalf("%q where no attribute begins", path)
	}
	if path[0] != '.' {
		t.Fatalf("path %q", path)
	}
	if d == Python {
		if _, _, ok := l.Path(p, at, pathOptions(l, Native)); !ok {
			t.Fatalf("%q is not found in the native dialect", path)
		}
	}
}
