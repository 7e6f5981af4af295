package mirror

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

var updateRefusals = flag.Bool("update-refusals", false, "write what Open refuses into testdata/refusals.txt")

const refusalsFile = "testdata/refusals.txt"

// refusal is an Open that fails.
type refusal struct {
	name   string
	opts   Options
	tables []Source
}

// guarded registers a family in a simulated kernel, and gives a table of it. One of
// the rights is kept from those without CAP_NET_ADMIN.
func guarded(t *testing.T, group, dump bool) (Options, Source) {
	t.Helper()
	h := newHarbour(t, 1)
	h.unload()
	_, err := h.k.Register(sim.Family{Name: harbourFamily, Groups: []sim.Group{{Name: "changes", AdminPerm: group}},
		Ops: []sim.Op{{Cmd: berthGet, AdminPerm: dump, Policy: sim.Policy{}, Dump: h.dumpBerths}}})
	if err != nil {
		t.Fatal(err)
	}
	return Options{Netlink: netlink.Options{Via: h.k.Unprivileged()}}, Raw{def: &berthDefinition}
}

// TestRefusals: what cannot be mirrored is told by Open, with what would help.
func TestRefusals(t *testing.T) {
	without := func(change func(d *Definition)) Source {
		d := harbourTable("berth", berthGet)
		change(&d)
		return NewRaw(d)
	}
	h := newHarbour(t, 1)
	here := Options{Netlink: netlink.Options{Via: h.k}}
	noGroup, table := guarded(t, true, false)
	noDump, _ := guarded(t, false, true)
	list := []refusal{
		{"no tables", Options{}, nil},
		{"a table twice", Options{}, []Source{Links, Addrs, Links.Where("mtu > 1500")}},
		{"a name that is near", Options{}, []Source{Family("netdef", "dev-get")}},
		{"a family that nobody knows", Options{}, []Source{Family("quux", "get")}},
		{"an operation that is near", Options{}, []Source{Family("netdev", "dev-gte")}},
		{"an operation that is no dump", Options{}, []Source{Family("netdev", "bind-rx")}},
		{"a family without a dump", Options{}, []Source{Family("lockd", "server-get")}},
		{"a family without notifications", Options{}, []Source{Family("tcp_metrics", "get")}},
		{"a key that is no attribute", Options{}, []Source{Family("netdev", "dev-get", "name")}},
		{"a definition without a name", here, []Source{without(func(d *Definition) { d.Name = "" })}},
		{"a definition without a dump", here, []Source{without(func(d *Definition) { d.Dump = nil })}},
		{"a definition without a key", here, []Source{without(func(d *Definition) { d.Key = nil })}},
		{"a definition without notifications", here, []Source{without(func(d *Definition) { d.GroupNames = nil })}},
		{"a definition without a family", here, []Source{without(func(d *Definition) { d.Family = "" })}},
		{"a family that is not loaded", here, []Source{without(func(d *Definition) { d.Family = "harbor" })}},
		{"a group that the family has not", here, []Source{without(func(d *Definition) { d.GroupNames = []string{"change"} })}},
		{"a command that the family has not", here, []Source{without(func(d *Definition) {
			d.Dump = func(View, Scope) []Request { return []Request{{Type: 99}} }
		})}},
		{"a protocol that the kernel has not", here, []Source{without(func(d *Definition) {
			d.Protocol, d.Family, d.Groups = wire.Route, "", []uint32{1}
		})}},
		{"a group that needs a right", noGroup, []Source{table}},
		{"a dump that needs a right", noDump, []Source{table}},
	}
	var text strings.Builder
	for _, r := range list {
		r.refused(t, &text)
	}
	text.WriteString(refusedWithoutRights(t))
	if *updateRefusals {
		if err := os.WriteFile(refusalsFile, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(refusalsFile)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(text.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(got) || got[i] != line {
			t.Fatalf("line %d of %s is\n%s\nand not what Open says (update it with -update-refusals):\n%s", i+1, refusalsFile, line, got[min(i, len(got)-1)])
		}
	}
}

// refused opens a mirror that cannot be, and writes down why.
func (r refusal) refused(t *testing.T, w *strings.Builder) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	m, err := r.opts.Open(ctx, r.tables...)
	if err == nil {
		m.Close()
		t.Errorf("%s: it was opened", r.name)
		return
	}
	fmt.Fprintf(w, "%s:\n  %v\n", r.name, err)
}

// withoutRights is set where TestWithoutRights is to do something.
const withoutRights = "NLKIT_TEST_WITHOUT_RIGHTS"

// TestWithoutRights is no test: run by TestRefusals in a process without any
// capability, it tells what cannot be mirrored there.
func TestWithoutRights(t *testing.T) {
	if os.Getenv(withoutRights) == "" {
		return
	}
	for _, tables := range [][]Source{{Links, Addrs, Routes, Rules, Neighbours, Nexthops}, {Qdiscs, Classes, Filters, FDB}} {
		m, err := Open(t.Context(), tables...)
		if err != nil {
			t.Errorf("this takes no rights, and yet: %v", err)
			continue
		}
		m.Close()
	}
	var text strings.Builder
	for _, r := range []refusal{
		{"conntrack without rights", Options{}, []Source{Conntrack}},
		{"nftables without rights", Options{}, []Source{NFTChains}},
		{"all namespaces without rights", Options{AllNamespaces: true}, []Source{Links}},
	} {
		r.refused(t, &text)
	}
	if err := os.WriteFile(os.Getenv(withoutRights), []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// refusedWithoutRights runs TestWithoutRights: as root of whom nothing is left but the
// number.
func refusedWithoutRights(t *testing.T) string {
	t.Helper()
	testenv.NeedRoot(t)
	if _, err := exec.LookPath("setpriv"); err != nil {
		testenv.Missing(t, "setpriv", "apt-get install util-linux")
	}
	file := t.TempDir() + "/refusals"
	cmd := exec.Command("setpriv", "--inh-caps=-all", "--bounding-set=-all", os.Args[0], "-test.run=^TestWithoutRights$")
	cmd.Env = append(os.Environ(), withoutRights+"="+file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
