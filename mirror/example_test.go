package mirror_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/nlkit/nlkit/mirror"
)

// A copy of links and of the routes of the main table, and what becomes of them.
func Example() {
	ctx := context.Background()
	m, err := mirror.Open(ctx, mirror.Links, mirror.Routes.Where("table == main"))
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	s := m.Snapshot()
	for l := range mirror.Links.All(s) {
		fmt.Println(l.Header.Index, l.IfName.Value())
		for r := range mirror.Routes.ByLink(s, uint32(l.Header.Index)) {
			fmt.Println("  ", r.DstPrefix(), r.Gateway)
		}
	}
	for d, err := range m.Changes(ctx, s) {
		if err != nil {
			log.Fatal(err)
		}
		for _, r := range d.Resyncs {
			fmt.Println("read anew:", r)
		}
		for step := range mirror.Routes.Changes(d) {
			fmt.Println(step.Kind, step.Old, step.New)
		}
	}
}

// Any family of the catalogue is a table by its name and an operation that dumps it.
func ExampleFamily() {
	ctx := context.Background()
	devices := mirror.Family("netdev", "dev-get")
	m, err := mirror.Open(ctx, devices)
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	for r := range devices.All(m.Snapshot()) {
		fmt.Printf("%s\n", r.AppendJSON(nil))
	}
}

// How a mirror is doing: what a program tells its own monitoring.
func ExampleMirror_Health() {
	m, err := mirror.Open(context.Background(), mirror.Routes)
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	h := m.Health()
	for _, f := range h.Feeds {
		if f.Lag > time.Second {
			fmt.Println(f.Name, "is behind for", f.Lag)
		}
	}
	for _, t := range h.Tables {
		if t.Drift > 0 {
			fmt.Println(t.Name, "was wrong", t.Drift, "times: a bug to be reported")
		}
	}
}
