package client_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl/client"
)

// TestGroupsOfNewerKernels joins all groups of a family of which the kernel lacks
// one: that one is left out, unless it is asked for by name, or is the only one.
func TestGroupsOfNewerKernels(t *testing.T) {
	const text = `name: f
protocol: netlink-raw
protonum: 0
doc: d
attribute-sets: [{name: s, attributes: [{name: a, type: u32}]}]
operations:
  enum-model: directional
  list: [{name: get, doc: x, attribute-set: s, do: {request: {value: 22, attributes: [a]}}}]
mcast-groups: {list: [%s]}
`
	const there, newer = `{name: there, value: 5}`, `{name: newer, value: 65000}`
	for _, tt := range []struct {
		name, groups string
		ask          []string
		want         bool
	}{
		{"all", there + ", " + newer, nil, true},
		{"by name", there + ", " + newer, []string{"there", "newer"}, false},
		{"the only one", newer, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := client.Dial(parse(t, fmt.Sprintf(text, tt.groups)), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			sub, err := c.Subscribe(t.Context(), tt.ask...)
			if err == nil {
				sub.Close()
			}
			if tt.want && err != nil || !tt.want && !errors.Is(err, netlink.EINVAL) {
				t.Errorf("%v, want success %v", err, tt.want)
			}
		})
	}
}
