package mirror

import (
	"strings"
	"testing"
)

// TestWhereKept: filters by what a mirror does not keep are refused, those by all else
// are not.
func TestWhereKept(t *testing.T) {
	for _, test := range []struct {
		table Source
		want  string // "" for one that is accepted
	}{
		{Links.Where("stats64.rx-packets > 5"), "1:1: stats64.rx-packets is not kept"},
		{Links.Where("mtu > 5 && has stats64"), "1:16: stats64 is not kept"},
		{Links.Where("linkinfo.data(bridge).forward-delay > 5"), ""},
		{Links.Where("linkinfo.data(bridge).hello-timer > 5"), "1:1: linkinfo.data(bridge).hello-timer is not kept"},
		{Links.Where("ifi-flags has up"), ""},
		{Links.Where("carrier == 1"), ""},
		{Links.Where("promiscuity > 0"), "1:1: promiscuity is not kept"},
		{Addrs.Where("cacheinfo.ifa-valid > 5"), "1:1: cacheinfo.ifa-valid is not kept"},
		{Addrs.Where("flags has permanent"), ""},
		{Routes.Where("cacheinfo.rta-lastuse > 5"), "1:1: cacheinfo.rta-lastuse is not kept"},
		{Routes.Where("has expires"), "1:5: expires is not kept"},
		{Routes.Where("has multipath"), ""},
		{Conntrack.Where("counters-orig.packets > 5"), "1:1: counters-orig.packets is not kept"},
		{Conntrack.Where("tuple-orig.tuple-proto.proto-dst-port == 53"), ""},
		{Routes.Where("metrics.mtu > 1000"), ""},
		{Neighbours.Where("ndm-state has reachable"), "1:15: ndm-state is never reachable in a mirror, since that comes and goes without being announced: stale stands for it"},
		{Neighbours.Where("ndm-state == probe"), "1:14: ndm-state is never probe in a mirror"},
		{Neighbours.Where("ndm-state in (permanent, delay)"), "1:26: ndm-state is never delay in a mirror"},
		{Neighbours.Where("ndm-state == failed"), "1:14: ndm-state is never failed in a mirror"},
		{Neighbours.Where("ndm-state has incomplete"), "1:15: ndm-state is never incomplete in a mirror"},
		{Neighbours.Where("ndm-state has stale"), ""},
		{Neighbours.Where("dev == 3 && ndm-family == inet6 && ndm-flags has router"), ""},
		{Neighbours.Where("ndm-state has permanent"), ""},
		{Neighbours.Where("probes > 2"), "1:1: probes is not kept"},
	} {
		d := test.table.source()
		_, err := compile(d.def, d.where.text)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %s: %v", d.def.Name, d.where.text, err)
		case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)):
			t.Errorf("%s: %s: %v, want %s", d.def.Name, d.where.text, err, test.want)
		}
	}
}

// TestWhereKeptAll: at the top filters are refused by these names and no others.
func TestWhereKeptAll(t *testing.T) {
	const counters = "stats xstats fcnt stats2"
	want := map[string]string{
		"link": "stats wireless stats64 af-spec promiscuity carrier-changes event carrier-up-count carrier-down-count allmulti header:ifi-change",
		"addr": "cacheinfo", "route": "cacheinfo expires", "neigh": "cacheinfo probes", "fdb": "cacheinfo probes",
		"qdisc": counters + " header:info", "class": counters + " header:info", "filter": counters,
		"conntrack": "timeout counters-orig counters-reply use seq-adj-orig seq-adj-reply timestamp timestamp-event header:res-id",
	}
	for _, d := range definitions {
		var refused []string
		for _, a := range d.Layout().Set.Attrs {
			if _, err := compile(d, "has "+a.Name); err != nil && strings.Contains(err.Error(), "is not kept") {
				refused = append(refused, a.Name)
			}
		}
		if h := d.Layout().Header; h != nil {
			for _, m := range h.Members {
				if _, err := compile(d, "header:"+m.Name+" == 4"); err != nil && strings.Contains(err.Error(), "in a mirror") {
					refused = append(refused, "header:"+m.Name)
				}
			}
		}
		if got := strings.Join(refused, " "); got != want[d.Name] {
			t.Errorf("%s: %s, want %s", d.Name, got, want[d.Name])
		}
	}
}
