package nl

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// linkAsk is a request for a link, with arrays of the kinds that links lack.
type linkAsk struct {
	link
	Policy []limits               `nl:"90,policy,nest-type-value"`
	Slots  []Indexed[*limits]     `nl:"91,slot,indexed-array"`
	Counts []Indexed[Opt[uint32]] `nl:"92,count,indexed-array,sub=u32"`
}

type limits struct {
	Port  uint16      `nl:"type-value,port"`
	Class uint16      `nl:"type-value,class"`
	Limit Opt[uint32] `nl:"1,limit,u32"`
	Extra
}

func (m *linkAsk) DecodeNetlink(*Decoder, []byte) {}
func (m *linkAsk) Check() error                   { return nil }
func (m *linkAsk) NetlinkOp() *Op                 { return linkAskOp }

var linkAskOp = &Op{Family: &Family{Name: "rt-link"}, Name: "newlink"}

// asked is a request with the places of its attributes.
type asked struct {
	wire.Builder
	at map[string]int
}

// mark says that what is appended next begins here.
func (a *asked) mark(name string) { a.at[name] = a.Len() }

// in appends a nest that is marked.
func (a *asked) in(name string, typ uint16, fn func()) {
	a.mark(name)
	n := a.Nest(typ)
	fn()
	a.End(n)
}

// incomingLink is a request, and where its attributes are.
func incomingLink(tb testing.TB) (*Incoming, map[string]int) {
	tb.Helper()
	a := &asked{at: map[string]int{}}
	leaf := func(name string, typ uint16) { a.mark(name); a.Uint32(typ, 1) }
	a.Message(wire.Header{Type: 16, Flags: wire.Request | wire.Create})
	a.Raw(make([]byte, 16))
	leaf("mtu 0", 4)
	leaf("name", 3)
	leaf("mtu 1", 4)
	a.in("info", 18, func() {
		a.Text(1, "vlan")
		a.in("data", 2, func() {
			leaf("id", 1)
			a.in("qos", 3, func() { leaf("mapping 0", 1); leaf("mapping 1", 1) })
		})
	})
	a.in("vfs", 22, func() {
		a.in("vf 0", 1, func() { leaf("mac 0", 1) })
		a.in("vf 1", 1, func() { leaf("mac 1", 1) })
	})
	leaf("nameless", 60)
	a.in("policy", 90, func() {
		a.in("port 7", 7, func() {
			a.in("class 2", 2, func() { leaf("limit 72", 1) })
			a.in("class 3", 3, func() { leaf("limit 73", 1) })
		})
		a.in("port 8", 8, func() { a.in("class 4", 4, func() { leaf("limit 84", 1) }) })
	})
	a.in("slots", 91, func() {
		a.in("slot 0", 0, func() {})
		a.in("slot 5", 5, func() { leaf("limit 5", 1) })
	})
	a.in("counts", 92, func() { leaf("count 1", 1); leaf("count 2", 2) })
	msg, err := a.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	req := &linkAsk{link: link{Info: &linkInfo{Kind: Some("vlan"), Data: &linkInfoVLAN{}}}}
	return &Incoming{origin: Origin{Message: msg, Payload: wire.HeaderLen}, op: linkAskOp, req: req}, a.at
}

func TestRefuse(t *testing.T) {
	call, at := incomingLink(t)
	for path, want := range map[string]string{
		"":                                  "",
		".ifname":                           "name",
		".mtu":                              "mtu 1",
		".mtu[0]":                           "mtu 0",
		".mtu[2]":                           "",
		".address":                          "",
		".ifi-index":                        "",
		".linkinfo":                         "info",
		".linkinfo.data":                    "data",
		".linkinfo.data.id":                 "id",
		".linkinfo.data(vlan).id":           "id",
		".linkinfo.data.protocol":           "",
		".linkinfo.data(bond).mode":         "", // another kind came
		".linkinfo.data.egress-qos.mapping": "mapping 0",
		".linkinfo.data(vlan).egress-qos.mapping[1]": "mapping 1",
		".vfinfo-list.info":                          "vf 0",
		".vfinfo-list.info.mac":                      "mac 0",
		".vfinfo-list.info[1].mac":                   "mac 1",
		".vfinfo-list.info[2].mac":                   "",
		".prop-list.alt-ifname[3]":                   "",
		".attr-60":                                   "nameless",
		".attr-61":                                   "",
		".attr-60.attr-1":                            "",
		".policy":                                    "policy",
		".policy.limit":                              "limit 72",
		".policy[7]":                                 "port 7",
		".policy[7][3]":                              "class 3",
		".policy[7][3].limit":                        "limit 73",
		".policy[8].limit":                           "limit 84",
		".policy[8][2].limit":                        "",
		".policy[9]":                                 "",
		".slot[5].limit":                             "limit 5",
		".slot[0].limit":                             "",
		".slot[5][1]":                                "",
		".count[2]":                                  "count 2",
		".count[3]":                                  "",
		".ifname.deeper":                             "",
	} {
		e, ok := call.Refuse(netlink.EPERM, path, "no").(*netlink.Error)
		if !ok {
			t.Errorf("%s: %v", path, call.Refuse(netlink.EPERM, path, "no"))
			continue
		}
		offset, there := at[want]
		if e.HasOffset != there || e.Offset != offset || e.Errno != netlink.EPERM || e.Text != "no" || e.Attr != path || e.Op != "rt-link newlink" {
			t.Errorf("%s: %+v, want the offset %d of %q", path, e, offset, want)
		}
	}
}

// TestRefuseEach checks that whatever describePath says is found again.
func TestRefuseEach(t *testing.T) {
	call, at := incomingLink(t)
	for name, offset := range at {
		path, ok := describePath(call.req, call.origin.Message[wire.HeaderLen:], offset-wire.HeaderLen)
		if !ok && name == "nameless" {
			continue
		}
		p, err := call.locate(path)
		if !ok || err != nil || !p.found || p.offset != offset {
			t.Errorf("%s at %d: %q, %+v, %v", name, offset, path, p, err)
		}
	}
}

func TestMissing(t *testing.T) {
	call, at := incomingLink(t)
	for _, c := range []struct {
		path, missing, nest string
		typ                 uint16
	}{
		{".address", ".address", "", 1},
		{".attr-61", ".attr-61", "", 61},
		{".prop-list.alt-ifname", ".prop-list", "", 52},
		{".linkinfo.data(vlan).protocol", ".linkinfo.data(vlan).protocol", "data", 5},
		{".vfinfo-list.info[1].attr-9", ".vfinfo-list.info[1].attr-9", "vf 1", 9},
		{".slot[0].limit", ".slot[0].limit", "slot 0", 1},
		{".slot[4].limit", ".slot[4]", "slots", 4},
	} {
		e, ok := call.Missing(c.path).(*netlink.Error)
		nest, nested := at[c.nest]
		if !ok || e.Errno != netlink.EINVAL || e.Missing != c.missing || !e.HasMissingType || e.MissingType != c.typ ||
			e.HasMissingNest != nested || e.MissingNest != nest || e.Text != "" {
			t.Errorf("%s: %+v", c.path, e)
		}
	}
	call.origin.Message = call.origin.Message[:wire.HeaderLen+16]
	if e, ok := call.Missing(".linkinfo.kind").(*netlink.Error); !ok || e.Missing != ".linkinfo" || e.MissingType != 18 {
		t.Errorf("nothing is there: %v", e)
	}
	if e, ok := call.Missing(".ifi-index").(*netlink.Error); !ok || e.HasMissingType || e.Errno != netlink.EINVAL {
		t.Errorf("in the header: %v", e)
	}
}

// TestRefuseMistaken checks the server's own mistakes.
func TestRefuseMistaken(t *testing.T) {
	call, _ := incomingLink(t)
	for path, want := range map[string]string{
		".nme":                     "rt-link newlink has no attribute .nme: it has address, count, ifname, linkinfo, mtu, policy, prop-list, slot, vfinfo-list",
		".linkinfo.knd":            "has no attribute .linkinfo.knd: it has data, kind",
		".vfinfo-list.info[1].mak": "has no attribute .vfinfo-list.info[1].mak",
		"ifname":                   `want one like ".header.dev-name"`,
		".vfinfo-list.info[x]":     `"[x]" is no index`,
		".vfinfo-list.info[-1]":    "is no index",
		".vfinfo-list.info[99999]": "is no index",
		".vfinfo-list.info[":       "a bracket is open",
		".":                        "a name is missing", ".linkinfo..kind": "a name is missing",
	} {
		for _, err := range []error{call.Refuse(netlink.EPERM, path, ""), call.Missing(path)} {
			if _, ok := err.(*netlink.Error); ok || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", path, err, want)
			}
		}
	}
}

// FuzzLocate takes any path through any bytes: what is found is an attribute of
// the number that is told.
func FuzzLocate(f *testing.F) {
	call, _ := incomingLink(f)
	for _, path := range []string{".ifname", ".linkinfo.data(vlan).egress-qos.mapping[1]", ".policy[7][3].limit", ".slot[5].limit", ".count[2]", ".attr-60.attr-1"} {
		f.Add(path, []byte(call.origin.Message))
	}
	f.Add(".linkinfo.data.id", []byte(call.origin.Message[:77]))
	f.Add(".[", []byte{})
	f.Fuzz(func(t *testing.T, path string, msg []byte) {
		c := *call
		c.origin.Message = msg
		p, err := c.locate(path)
		if err != nil || !p.found {
			return
		}
		if p.offset < 32 || p.offset+wire.AttrHeaderLen > len(msg) {
			t.Fatalf("%q: offset %d of %d bytes", path, p.offset, len(msg))
		}
		if typ := binary.NativeEndian.Uint16(msg[p.offset+2:]) & wire.AttrTypeMask; typ != p.typ {
			t.Fatalf("%q: attribute %d at %d, want %d", path, typ, p.offset, p.typ)
		}
		if p.nested && p.nest >= p.offset {
			t.Fatalf("%q: offset %d in the nest at %d", path, p.offset, p.nest)
		}
	})
}
