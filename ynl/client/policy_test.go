package client_test

import (
	"testing"

	"github.com/nlkit/nlkit/netlink"
)

func TestPolicy(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	p, ok, err := c.Policy(soon(t), "get", false)
	if err != nil || !ok || len(p) != 3 {
		t.Fatalf("%v, %v, %v", p, ok, err)
	}
	if p[0].Name != "label" || p[0].Type != netlink.PolicyNulString || p[0].MaxLen != 15 || p[0].Attr == nil {
		t.Errorf("label: %+v", p[0])
	}
	in := p[2]
	if in.Name != "in" || len(in.Inside) != 2 || in.Inside[0].Name != "level" || in.Inside[1].Name != "inside" || in.Cut {
		t.Errorf("in: %+v", in)
	}
	if _, _, err := c.Policy(soon(t), "nope", false); err == nil {
		t.Error("the policy of an unknown operation")
	}
	if _, ok, err := c.Policy(soon(t), "all", true); err != nil || !ok {
		t.Errorf("of one that can only dump: %v, %v", ok, err)
	}
	if _, ok, err := c.Policy(soon(t), "all", false); err != nil || ok {
		t.Errorf("of its do: %v, %v", ok, err)
	}
	raw := dial(t, parse(t, rawText), batchKernel(t, true))
	if _, ok, err := raw.Policy(soon(t), "put", false); err != nil || ok {
		t.Errorf("of a raw family: %v, %v", ok, err)
	}
}
