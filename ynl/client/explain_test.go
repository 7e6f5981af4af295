package client

import (
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
)

// TestExplainController: what is refused before the message is made is the
// controller's refusal and keeps its names, whatever these are.
func TestExplainController(t *testing.T) {
	for _, built := range []bool{false, true} {
		const theirs = "box op 1"
		e := &netlink.Error{Op: theirs, Errno: netlink.EPERM, Attr: ".theirs"}
		k := call{c: &Client{spec: &ynl.Spec{Name: "box"}}, target: target{name: "get"}, built: built}
		if err := k.explain(e); err != error(e) || (e.Op == theirs) == built || (e.Attr == "") != built {
			t.Errorf("built %v: %v", built, err)
		}
	}
}
