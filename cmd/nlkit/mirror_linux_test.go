package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/mirror"
)

// background runs a command line in a namespace until it ends, or end is called.
func background(t *testing.T, ns *testenv.NetNS, said string, args ...string) *watching {
	t.Helper()
	w := &watching{status: make(chan int, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	w.cancel = cancel
	t.Cleanup(cancel)
	go func() {
		w.status <- run(ctx, append([]string{"--netns", ns.Path()}, args...), &w.stdout, &w.stderr)
	}()
	waitFor(t, func() bool {
		return strings.Contains(w.stderr.String(), said) || strings.Contains(w.stdout.String(), said)
	})
	return w
}

// in runs command lines in a namespace, which have to succeed.
func in(t *testing.T, ns *testenv.NetNS, lines ...string) {
	t.Helper()
	for _, line := range lines {
		status, out, errs := try(t, append([]string{"--netns", ns.Path()}, strings.Fields(line)...)...)
		if status != 0 && strings.Contains(errs, "EOPNOTSUPP") {
			testenv.Missing(t, "bridge", errs)
		}
		if status != 0 {
			t.Fatalf("%s: status %d\n%s%s", line, status, out, errs)
		}
	}
}

const newBridge = "do rt-link newlink --create --excl ifname=br0 linkinfo.kind=bridge ifi-flags=up ifi-change=up"

// TestMirrorLive prints what changes: what is announced, and what is not.
func TestMirrorLive(t *testing.T) {
	ns := testenv.NewNetNS(t)
	w := background(t, ns, "changes follow", "mirror", "link", "route")
	// What follows fast on each other may be shown as one change.
	in(t, ns, newBridge,
		"do rt-route newroute --create rtm-family=inet rtm-dst-len=24 rtm-table=254 rtm-type=unicast dst=198.51.100.0 oif=br0")
	waitFor(t, func() bool { return strings.Contains(w.stdout.String(), "added      route  198.51.100.0/24 dev br0") })
	in(t, ns, "do rt-link setlink dev=br0 mtu=1400")
	waitFor(t, func() bool { return strings.Contains(w.stdout.String(), "mtu 1500 -> 1400") })
	in(t, ns, "do rt-link setlink dev=br0 ifi-flags= ifi-change=up")
	waitFor(t, func() bool { return strings.Contains(w.stdout.String(), "deleted    route  198.51.100.0/24 dev br0") })
	w.cancel() // as Ctrl-C does
	if status := w.end(t); status != 0 {
		t.Errorf("status %d", status)
	}
	for _, want := range []string{"snapshot   link   1: lo  ", "synced     ", "added      link   2: br0  ", "changed    link   2: br0: "} {
		if !strings.Contains(w.stdout.String(), want) {
			t.Errorf("no %q in\n%s", want, w.stdout.String())
		}
	}
	// The kernel says nothing of the route, which has gone with the link.
	for line := range strings.Lines(w.stdout.String()) {
		if strings.HasPrefix(line, "deleted    route  198.51.100.0/24") && !strings.Contains(line, "inferred)") {
			t.Errorf("it was not inferred: %s", line)
		}
	}
	if errs := w.stderr.String(); !strings.Contains(errs, "nlkit: mirroring link, route (Ctrl-C ends)\n") || !strings.Contains(errs, " and 0 resyncs in ") || !strings.HasSuffix(errs, "; nothing lost\n") {
		t.Errorf("it says %q", errs)
	}
}

// TestMirrorReplay replays the lines for programs: each change fits what was before,
// and the end is what the kernel has.
func TestMirrorReplay(t *testing.T) {
	ns := testenv.NewNetNS(t)
	w := background(t, ns, `"synced"`, "mirror", "rt-link/getlink", "addr", "-o", "jsonl")
	in(t, ns, newBridge,
		"do rt-addr newaddr --create dev=br0 ifa-family=inet ifa-prefixlen=24 local=192.0.2.1 address=192.0.2.1")
	waitFor(t, func() bool { return strings.Contains(w.stdout.String(), `"192.0.2.1"`) })
	in(t, ns, "do rt-link setlink dev=br0 mtu=1400",
		"do rt-addr deladdr dev=br0 ifa-family=inet ifa-prefixlen=24 local=192.0.2.1",
		"do rt-link newlink --create --excl ifname=br1 linkinfo.kind=bridge")
	waitFor(t, func() bool {
		return strings.Contains(w.stdout.String(), `"ifname":"br1"`) && strings.Contains(w.stdout.String(), `"event":"deleted","table":"addr"`)
	})
	w.cancel()
	if status := w.end(t); status != 0 {
		t.Errorf("status %d", status)
	}
	type record = map[string]any
	state := map[string]string{}
	id := func(table string, r record) string {
		if table == "link" {
			return table + jsonOf(r["ifi-index"])
		}
		return table + jsonOf(r["ifa-index"]) + jsonOf(r["address"]) + jsonOf(r["local"])
	}
	for line := range strings.Lines(w.stdout.String()) {
		var ev struct {
			Event, Table string
			NSID         int32
			Old, New     record
		}
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if ev.Table != "" && ev.NSID != mirror.Own {
			t.Errorf("namespace %d: %s", ev.NSID, line)
		}
		if ev.Old != nil && state[id(ev.Table, ev.Old)] != jsonOf(ev.Old) {
			t.Errorf("it was %s before: %s", state[id(ev.Table, ev.Old)], line)
		}
		switch ev.Event {
		case "snapshot", "added", "changed":
			if known := state[id(ev.Table, ev.New)] != ""; known != (ev.Event == "changed") {
				t.Errorf("known before: %v: %s", known, line)
			}
			state[id(ev.Table, ev.New)] = jsonOf(ev.New)
		case "deleted":
			delete(state, id(ev.Table, ev.Old))
		}
	}
	_, out, _ := try(t, "--netns", ns.Path(), "mirror", "link", "addr", "--for", "1ms", "-o", "json")
	var now []struct {
		Event, Table string
		New          record
	}
	if err := json.Unmarshal([]byte(out), &now); err != nil {
		t.Fatal(err)
	}
	for _, ev := range now {
		if ev.Event != "snapshot" {
			continue
		}
		if key := id(ev.Table, ev.New); state[key] != jsonOf(ev.New) {
			t.Errorf("the lines lead to %s\nbut there is %s", state[key], jsonOf(ev.New))
		} else {
			delete(state, key)
		}
	}
	if len(state) > 0 {
		t.Errorf("there is no such record any more: %v", state)
	}
}

// jsonOf is JSON of a value.
func jsonOf(v any) string {
	b, _ := json.Marshal(v) // it was JSON
	return string(b)
}

// TestMirrorCount ends after so many changes.
func TestMirrorCount(t *testing.T) {
	ns := testenv.NewNetNS(t)
	w := background(t, ns, "changes follow", "mirror", "link", "--count", "2")
	in(t, ns, newBridge)
	waitFor(t, func() bool { return strings.Contains(w.stdout.String(), "  added ") })
	in(t, ns, "do rt-link setlink dev=br0 mtu=1400", "do rt-link setlink dev=br0 mtu=1300")
	if status := w.end(t); status != 0 {
		t.Errorf("status %d", status)
	}
	if n := strings.Count(w.stdout.String(), "  added ") + strings.Count(w.stdout.String(), "  changed "); n != 2 {
		t.Errorf("%d changes:\n%s", n, w.stdout.String())
	}
	if errs := w.stderr.String(); !strings.Contains(errs, "(for 2 changes)") || !strings.Contains(errs, "2 records, 2 changes and 0 resyncs") {
		t.Errorf("it says %q", errs)
	}
}

// TestMirrorResync shows that the tables were read anew.
func TestMirrorResync(t *testing.T) {
	ns := testenv.NewNetNS(t)
	a := &app{format: cli.Text, netns: namespaceName(ns.Path())}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs lockedBuffer
	cmd := &cobra.Command{}
	cmd.SetContext(ctx)
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	tables, err := a.tables([]string{"link"}, &tableFlags{})
	if err != nil {
		t.Fatal(err)
	}
	run := &mirroring{app: a, cmd: cmd, flags: &mirrorFlags{}, tables: tables}
	if run.mirror, err = a.openMirror(cmd, mirror.Options{}, tables); err != nil {
		t.Fatal(err)
	}
	defer run.mirror.Close()
	sink := a.newMirrorSink(cmd, run.mirror, tables)
	defer sink.release()
	ended := make(chan error, 1)
	go func() { ended <- run.follow(sink, run.mirror.Health().Resyncs[0].Took) }()
	waitFor(t, func() bool { return strings.Contains(out.String(), "changes follow") })
	if err := run.mirror.Resync(t.Context()); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		return strings.Contains(out.String(), "  resync     of route: asked for; 0 messages lost, 0 changes found")
	})
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if run.resyncs != 1 {
		t.Errorf("%d resyncs counted:\n%s", run.resyncs, out.String())
	}
}

// TestMirrorNamespaces tells where a record is.
func TestMirrorNamespaces(t *testing.T) {
	testenv.NeedRoot(t)
	ns := testenv.NewNetNS(t)
	w := background(t, ns, "changes follow", "mirror", "link", "--all-netns", "-o", "text")
	w.cancel()
	if status := w.end(t); status != 0 || !strings.Contains(w.stdout.String(), "snapshot   link  1: lo") || !strings.Contains(w.stdout.String(), "snapshot   link  netns /proc/") {
		t.Errorf("status %d\n%s%s", status, w.stdout.String(), w.stderr.String())
	}
}

// TestAuditLive finds no drift, and what is changed without an announcement.
func TestAuditLive(t *testing.T) {
	ns := testenv.NewNetNS(t)
	in(t, ns, "do rt-link newlink --create --excl ifname=br0 linkinfo.kind=bridge")
	w := background(t, ns, "holding link, route for 1h", "audit", "link", "route", "--for", "1h")
	in(t, ns, "do rt-link setlink dev=br0 mtu=1400")
	w.cancel() // as Ctrl-C does
	if status := w.end(t); status != 0 || !strings.Contains(w.stdout.String(), "\nno drift: ") {
		t.Errorf("status %d\n%s%s", status, w.stdout.String(), w.stderr.String())
	}
	w = background(t, ns, "holding link for 1h", "audit", "link", "--for", "1h")
	in(t, ns, "do rt-link setlink dev=br0 group=7") // it is down: nobody is told
	w.cancel()
	if status := w.end(t); status != 1 || !strings.Contains(w.stdout.String(), "outdated   link  2: br0: group 0 -> 7\ndrift: 1 record was wrong and repaired; 2 records compared") {
		t.Errorf("status %d\n%s%s", status, w.stdout.String(), w.stderr.String())
	}
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"--netns", ns.Path(), "audit", "link", "--for", "1s", "--every", "20ms", "-o", "json"}, &out, &errs); status != 0 {
		t.Errorf("status %d\n%s", status, errs.String())
	}
	var all []struct {
		Kind   string
		Audits int
	}
	if err := json.Unmarshal(out.Bytes(), &all); err != nil || len(all) != 4 || all[3].Kind != "audit" || all[3].Audits < 2 {
		t.Errorf("%v: %s", err, out.String())
	}
}
