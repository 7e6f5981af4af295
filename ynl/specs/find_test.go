package specs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

const boat = "name: my-boat # a comment\ndoc: a boat\nattribute-sets: []\noperations: {list: []}\n"

// folder makes a folder with specs.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	first := folder(t, map[string]string{"boat.yaml": boat, "readme.txt": "name: nothing", "broken.yaml": "name: broken\n"})
	second := folder(t, map[string]string{
		"boat.yaml":   strings.ReplaceAll(boat, "a boat", "another"),
		"netdev.yaml": strings.ReplaceAll(boat, "my-boat", "netdev"),
		"raw.yaml":    "name: 'harbour'\ndoc: x\nprotocol: netlink-raw\nprotonum: 0x19\nattribute-sets: []\noperations: {list: []}\n",
	})
	system := folder(t, map[string]string{"rt-link.yaml": strings.ReplaceAll(boat, "my-boat", "rt-link"), "plane.yaml": strings.ReplaceAll(boat, "my-boat", "plane")})
	f := Finder{Dirs: []string{first, second}, System: system}
	for _, tt := range []struct{ name, family, path string }{
		{"boat", "my-boat", first + "/boat.yaml"},
		{"my_boat", "my-boat", first + "/boat.yaml"},
		{"my-boat", "my-boat", first + "/boat.yaml"},
		{"netdev", "netdev", second + "/netdev.yaml"}, // before the catalogue
		{"harbour", "harbour", second + "/raw.yaml"},
		{"rt-link", "rt-link", ""}, // before the system
		{"rt_link", "rt-link", ""},
		{"net-shaper", "net-shaper", ""},
		{"net_shaper", "net-shaper", ""},
		{"sunrpc_cache", "sunrpc", ""},
		{"sunrpc", "sunrpc", ""},
		{"plane", "plane", system + "/plane.yaml"},
	} {
		path := filepath.FromSlash(tt.path)
		e, err := f.Lookup(tt.name)
		if err != nil || e.Family != tt.family || e.Path != path {
			t.Errorf("Lookup %s: %+v, %v; want family %s in %s", tt.name, e, err, tt.family, path)
		}
		s, err := f.Find(tt.name)
		if err != nil || s.Name != tt.family {
			t.Errorf("Find %s: %+v, %v", tt.name, s, err)
		}
	}

	_, err := f.Find("broken")
	if e, ok := errors.AsType[*ynl.SpecError](err); !ok || !strings.HasPrefix(e.Error(), filepath.Join(first, "broken.yaml")+":1: ") {
		t.Errorf("broken: %v, want what is wrong with the file and its line", err)
	}
	_, err = f.Find("my-boot")
	want := `there is no spec for a family "my-boot" in ` + first + ", nor in " + second + ", nor in the catalogue, nor in " + system + "; did you mean my-boat"
	if e, ok := errors.AsType[*NotFoundError](err); !ok || !strings.HasPrefix(e.Error(), want) {
		t.Errorf("my-boot: %v, want %s", err, want)
	}
	if _, ok := errors.AsType[*UnknownError](err); !ok {
		t.Errorf("%T is no *UnknownError", err)
	}
	if _, err = (Finder{}).Find("zzzzzz"); err == nil || err.Error() != `there is no spec for a family "zzzzzz" in the catalogue; "nlkit list" names the families that have one` {
		t.Errorf("zzzzzz: %v", err)
	}
	if _, err = (Finder{Dirs: []string{first + "/nosuch"}}).Find("netdev"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if s, err := (Finder{System: first + "/nosuch"}).Find("netdev"); err != nil || s.Name != "netdev" {
		t.Errorf("a system without specs: %v", err)
	}
}

func TestFindInFile(t *testing.T) {
	dir := folder(t, map[string]string{"boat.yaml": boat})
	f := Finder{File: filepath.Join(dir, "boat.yaml")}
	for _, name := range []string{"boat", "my-boat", "my_boat"} {
		if s, err := f.Find(name); err != nil || s.Name != "my-boat" || s.File != f.File {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
		if e, err := f.Lookup(name); err != nil || e.Where() != f.File {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
	want := "the spec " + f.File + ` describes the family "my-boat", not "netdev"`
	if _, err := f.Find("netdev"); err == nil || err.Error() != want {
		t.Errorf("netdev: %v, want %s", err, want)
	}
	if _, err := f.Lookup("netdev"); err == nil || err.Error() != want {
		t.Errorf("netdev: %v, want %s", err, want)
	}
	f.File += "x"
	if _, err := f.Find("boat"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that there is no such file", err)
	}
	if _, err := f.List(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that there is no such file", err)
	}
}

func TestList(t *testing.T) {
	dir := folder(t, map[string]string{
		"boat.yaml": boat, "netdev.yaml": strings.ReplaceAll(boat, "my-boat", "netdev"), "odd.yaml": "{name: odd, doc: x, attribute-sets: [], operations: {list: []}}\n",
	})
	all, err := Finder{Dirs: []string{dir}}.List()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(Names())+2 {
		t.Errorf("%d specs, want the catalogue's %d and two more", len(all), len(Names()))
	}
	if !slices.IsSortedFunc(all, func(a, b Entry) int { return strings.Compare(a.Family, b.Family) }) {
		t.Error("they are not sorted")
	}
	for _, want := range []Entry{
		{"boat", "my-boat", filepath.Join(dir, "boat.yaml"), ynl.Genetlink, wire.Generic},
		{"netdev", "netdev", filepath.Join(dir, "netdev.yaml"), ynl.Genetlink, wire.Generic},
		{"odd", "odd", filepath.Join(dir, "odd.yaml"), ynl.Genetlink, wire.Generic},
		{"nftables", "nftables", "", ynl.NetlinkRaw, 12},
		{"rt-link", "rt-link", "", ynl.NetlinkRaw, 0},
		{"drm_ras", "drm-ras", "", ynl.Genetlink, wire.Generic},
		{"ethtool", "ethtool", "", ynl.GenetlinkLegacy, wire.Generic},
	} {
		if !slices.Contains(all, want) {
			t.Errorf("%+v is not listed", want)
		}
	}
	if _, err := (Finder{Dirs: []string{dir + "/nosuch"}}).List(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestHead compares what is read of a spec without parsing it with what parsing
// tells.
func TestHead(t *testing.T) {
	all, err := Finder{}.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		s, err := e.Open()
		if err != nil {
			t.Error(err)
			continue
		}
		if s.Name != e.Family || s.Level != e.Level || s.Protocol != e.Protocol || e.Where() != "the catalogue" {
			t.Errorf("%+v, but it is %s, %v, %v", e, s.Name, s.Level, s.Protocol)
		}
	}
}

func BenchmarkList(b *testing.B) {
	for b.Loop() {
		if _, err := (Finder{}).List(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestFindBroken asks for families whose file in a folder is of no use: the
// catalogue's is not taken in its place.
func TestFindBroken(t *testing.T) {
	broken := folder(t, map[string]string{"netdev.yaml": "{", "sunrpc_cache.yaml": "{", "rt-link.yaml": ""})
	if err := os.Symlink(filepath.Join(broken, "nosuch"), filepath.Join(broken, "ethtool.yaml")); err != nil {
		t.Skip("needs symbolic links: " + err.Error())
	}
	for _, name := range []string{"netdev", "sunrpc_cache", "sunrpc", "rt_link", "ethtool"} {
		if s, err := (Finder{Dirs: []string{broken}}).Find(name); err == nil || !strings.Contains(err.Error(), broken) {
			t.Errorf("%s: %+v, %v; want what is wrong with the file", name, s, err)
		}
	}
	if s, err := (Finder{Dirs: []string{broken}}).Find("nlctrl"); err != nil || s.Name != "nlctrl" {
		t.Errorf("another family: %+v, %v", s, err)
	}
	// A file of that name that is about another family is fine.
	other := folder(t, map[string]string{"sunrpc_cache.yaml": strings.ReplaceAll(boat, "my-boat", "sunrpc-cache")})
	if e, err := (Finder{Dirs: []string{other}}).Lookup("sunrpc"); err != nil || e.Path != "" {
		t.Errorf("another family: %+v, %v; want the catalogue's", e, err)
	}
	system := folder(t, nil)
	if err := os.Symlink(filepath.Join(system, "nosuch"), filepath.Join(system, "plane.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := (Finder{System: system}).Find("plane"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "plane.yaml") {
		t.Errorf("the system's: %v, want that the file cannot be read", err)
	}
}
