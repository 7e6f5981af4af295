package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

// TestLive changes the interfaces of a namespace of its own, and watches.
func TestLive(t *testing.T) {
	ns := testenv.NewNetNS(t)
	do := func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), append([]string{"--netns", ns.Path()}, args...), &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
	w := &watching{status: make(chan int, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		w.status <- run(ctx, []string{"--netns", ns.Path(), "watch", "rt-link", "rtnlgrp-link", "--count", "1", "-o", "jsonl"}, &w.stdout, &w.stderr)
	}()
	waitFor(t, func() bool {
		return strings.Contains(w.stderr.String(), "listening to rt-link: rtnlgrp-link (for 1 message)")
	})

	status, out, errs := do(strings.Fields("do rt-link newlink --create --excl ifname=br0 address=02:00:00:00:00:01 linkinfo.kind=bridge linkinfo.data.forward-delay=500 ifi-flags=up ifi-change=1")...)
	if status != 0 && strings.Contains(errs, "EOPNOTSUPP") {
		testenv.Missing(t, "bridge", errs)
	}
	if status != 0 || out != "" {
		t.Fatalf("newlink: status %d\n%s%s", status, out, errs)
	}
	if status := w.end(t); status != 0 || !strings.Contains(w.stdout.String(), `"ifname":"br0"`) {
		t.Errorf("watch: status %d\n%s%s", status, w.stdout.String(), w.stderr.String())
	}
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"do rt-link getlink dev=br0", 0, "forward-delay"},
		{"do rt-link getlink dev=br0 -o json", 0, `"address":"02:00:00:00:00:01"`},
		{"do rt-addr newaddr --create dev=br0 ifa-family=inet ifa-prefixlen=24 local=192.0.2.1 address=192.0.2.1", 0, ""},
		{"dump rt-addr getaddr dev=br0 ifa-family=inet", 0, "192.0.2.1/24 dev br0"},
		{"dump rt-route getroute rtm-family=inet", 0, "192.0.2.0/24 dev br0"},
		{"do rt-route getroute rtm-family=inet rtm-dst-len=32 dst=192.0.2.7", 0, "192.0.2.7/32 dev br0"},
		{"do rt-route newroute --create rtm-family=inet rtm-dst-len=24 rtm-table=254 rtm-type=unicast dst=198.51.100.0 oif=br0", 0, ""},
		{"dump rt-route getroute rtm-family=inet -o json", 0, `"dst":"198.51.100.0"`},
		{"do rt-link newlink --create --excl ifname=br0 linkinfo.kind=bridge", 1, "(EEXIST)"},
		{"do rt-link newlink --create ifname=0123456789abcdefg linkinfo.kind=bridge", 1, "rt-link newlink: the kernel refused it: "},
		{"do rt-link newlink dev=br0 master=br0", 1, "the kernel refused it: "},
		{"do rt-link newlink dev=br0 mtu=x", 2, `"mtu=x": `},
		{"do rt-link newlink dev=br1", 1, `there is no interface "br1" in this network namespace; did you mean br0?`},
		{"do rt-link dellink dev=br0", 0, ""},
	} {
		status, out, errs := do(strings.Fields(tt.args)...)
		if status != tt.status || !strings.Contains(out+errs, tt.want) {
			t.Errorf("%s: status %d\n%s%s\nwant %d, and in it %s", tt.args, status, out, errs, tt.status, tt.want)
		}
	}
}

// TestExamples tries the examples in the help of do and dump, but those that take
// root, in the namespace it is run in: they are to work for everyone.
func TestExamples(t *testing.T) {
	word := regexp.MustCompile(`'[^']*'|[^' ]+`)
	tried := 0
	for _, help := range []string{newDo(&app{}).Example, newDump(&app{}).Example} {
		for line := range strings.SplitSeq(help, "\n") {
			if strings.Contains(line, "# root") {
				continue
			}
			line, _, _ = strings.Cut(line, " | ") // it is nlkit that is tried
			var args []string
			for _, w := range word.FindAllString(line, -1) {
				args = append(args, strings.Trim(w, "'"))
			}
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), args[1:], &stdout, &stderr)
			if errs := stderr.String(); strings.Contains(errs, "is not in this kernel") {
				t.Logf("%s: %s", line, errs) // a family that kernels can be built without
				continue
			}
			if status != 0 {
				t.Errorf("%s: status %d\n%s", line, status, stderr.String())
			}
			tried++
		}
	}
	if tried < 6 {
		t.Errorf("%d examples tried", tried)
	}
}

// TestLiveBatch changes nf_tables, which takes that in batches only.
func TestLiveBatch(t *testing.T) {
	do := inNamespace(t)
	if status, _, errs := do("dump nftables gettable"); status != 0 {
		testenv.Missing(t, "nftables", errs)
	}
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"do nftables newtable --create nfgen-family=2 name=toys", 0, ""},
		{"do nftables newtable --create --excl nfgen-family=2 name=toys", 1, "nftables newtable: the kernel refused it: "},
		{"do nftables newchain --create nfgen-family=2 table=toys name=box", 0, ""},
		{"do nftables newset --create nfgen-family=2 table=toys name=lot key-len=4 id=1", 0, ""},
		{"do nftables gettable nfgen-family=2 name=toys -o json", 0, `"name":"toys"`},
		{"dump nftables getchain -o json", 0, `"name":"box"`},
		{"do nftables delchain nfgen-family=2 table=toys name=none", 1, "(ENOENT)"},
		{"do nftables deltable nfgen-family=2 name=toys", 0, ""},
		{"do nftables gettable nfgen-family=2 name=toys", 1, "(ENOENT)"},
	} {
		status, out, errs := do(tt.args)
		if status != tt.status || !strings.Contains(out+errs, tt.want) {
			t.Errorf("%s: status %d\n%s%s\nwant %d, and in it %s", tt.args, status, out, errs, tt.status, tt.want)
		}
	}
}

// TestLiveDevice has neighbours of two interfaces: "dev" is the filter that the
// kernel heeds, and not the header's index, which it refuses.
func TestLiveDevice(t *testing.T) {
	do := inNamespace(t)
	for _, args := range []string{
		"do rt-link newlink --create --excl ifname=v0 linkinfo.kind=veth linkinfo.data.peer.ifname=v1",
		"do rt-link newlink dev=v0 ifi-flags=up ifi-change=1",
		"do rt-link newlink dev=v1 ifi-flags=up ifi-change=1",
		"do rt-neigh newneigh --create dev=v0 ndm-family=inet ndm-state=permanent dst=192.0.2.1 lladdr=02:00:00:00:00:01",
		"do rt-neigh newneigh --create dev=v1 ndm-family=inet ndm-state=permanent dst=192.0.2.2 lladdr=02:00:00:00:00:02",
	} {
		if status, _, errs := do(args); status != 0 {
			if strings.Contains(errs, "EOPNOTSUPP") {
				testenv.Missing(t, "veth", errs)
			}
			t.Fatalf("%s: status %d\n%s", args, status, errs)
		}
	}
	status, out, errs := do("dump rt-neigh getneigh dev=v0 ndm-family=inet -o json")
	if status != 0 || !strings.Contains(out, `"192.0.2.1"`) || strings.Contains(out, `"192.0.2.2"`) {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
}

// TestLiveEcho: traffic control acknowledges a get, and sends the reply only to
// who asks for an echo.
func TestLiveEcho(t *testing.T) {
	do := inNamespace(t)
	if status, _, errs := do("do tc newqdisc dev=lo parent=root handle=1: kind=pfifo options.limit=7 --create"); status != 0 || errs != "" {
		t.Fatalf("status %d: %s", status, errs)
	}
	if status, out, errs := do("do tc getqdisc dev=lo handle=1: -o json"); status != 0 || out != "null\n" || !strings.Contains(errs, "--flag 0x8") {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
	if status, out, errs := do("do tc getqdisc dev=lo handle=1: -o json --flag 0x8"); status != 0 || !strings.Contains(out, `"limit":7`) || errs != "" {
		t.Errorf("with an echo: status %d, %q, %q", status, out, errs)
	}
}

// inNamespace runs command lines in a network namespace of their own.
func inNamespace(t *testing.T) func(args string) (status int, stdout, stderr string) {
	ns := testenv.NewNetNS(t)
	return func(args string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), append([]string{"--netns", ns.Path()}, strings.Fields(args)...), &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
}
