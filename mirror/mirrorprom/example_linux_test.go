package mirrorprom_test

import (
	"context"
	"fmt"
	"log"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/mirror/mirrorprom"
	"github.com/nlkit/nlkit/netlink"
)

// A registry with a mirror. An HTTP handler for it is promhttp.HandlerFor.
func ExampleNew() {
	ctx := context.Background()
	m, err := mirror.Open(ctx, mirror.Links)
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	registry := prometheus.NewRegistry()
	registry.MustRegister(mirrorprom.New(m))
	families, err := registry.Gather()
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "nlkit_mirror_synced" {
			fmt.Println(f.GetName(), f.GetMetric()[0].GetGauge().GetValue())
		}
	}
	// Output: nlkit_mirror_synced 1
}

// Two mirrors in a registry: a label of each one's own tells them apart.
func ExampleNew_several() {
	ctx := context.Background()
	registry := prometheus.NewRegistry()
	for name, o := range map[string]mirror.Options{
		"host": {},
		"blue": {Netlink: netlink.Options{Namespace: netlink.NamespaceName("blue")}},
	} {
		m, err := o.Open(ctx, mirror.Links, mirror.Addrs, mirror.Routes)
		if err != nil {
			log.Fatal(err)
		}
		defer m.Close()
		prometheus.WrapRegistererWith(prometheus.Labels{"mirror": name}, registry).MustRegister(mirrorprom.New(m))
	}
}
