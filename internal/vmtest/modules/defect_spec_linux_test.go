package modules

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/docexmpl"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/wire"
)

// header is what C programs are built with.
const header = "../../../kmod/doc_exmpl/uapi/linux/doc_exmpl.h"

// constant finds a number or a text in the header.
func constant(t *testing.T, text []byte, name string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)\b` + name + `\s*(?:=\s*)?("[^"]*"|[0-9]+)`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s has no %s", header, name)
	}
	return string(m[1])
}

// TestD10: in the notes the numbers that kernel and program agree on are copied by
// hand from one to the other. Here both are generated from one spec.
func TestD10(t *testing.T) {
	text, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	req := &docexmpl.EchoRequest{Msg: nl.Some(userText)}
	var b wire.Builder
	req.AppendNetlink(&b)
	attrs, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	service := docexmpl.Service(docexmpl.Unimplemented{})
	for _, tt := range []struct{ name, want string }{
		{"DOC_EXMPL_FAMILY_NAME", strconv.Quote(service.Family.Name)},
		{"DOC_EXMPL_FAMILY_VERSION", strconv.Itoa(int(service.Family.Version))},
		{"DOC_EXMPL_A_MSG", strconv.Itoa(int(wire.Attr(attrs).Type()))},
		{"DOC_EXMPL_C_ECHO", strconv.Itoa(int(service.Handlers[0].Op.ID))},
		{"DOC_EXMPL_C_HELLO", strconv.Itoa(int((&docexmpl.HelloNotification{}).NetlinkID()))},
		{"DOC_EXMPL_MCGRP_DOC_EXMPL_GRP", strconv.Quote(string(docexmpl.GroupDocExmplGrp))},
	} {
		if got := constant(t, text, tt.name); got != tt.want {
			t.Errorf("%s is %s in C, %s in Go", tt.name, got, tt.want)
		}
	}
}

// TestTypedClient: what is generated for Go talks to what is generated for the
// kernel.
func TestTypedClient(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	c, err := docexmpl.Dial(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sub, err := c.Subscribe(within(t))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	m, err := c.Echo(within(t), &docexmpl.EchoRequest{Msg: nl.Some(userText)})
	if err != nil || m.Msg.Value() != kernelText {
		t.Errorf("%v, error %v", m, err)
	}
	trigger(t)
	ev, err := sub.Receive(within(t))
	if n, ok := ev.Notification.(*docexmpl.HelloNotification); err != nil || !ok || n.Msg.Value() != kernelText {
		t.Errorf("event %v, error %v", ev, err)
	}
}
