package nl_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
)

// TestHandleDo checks that a typed nil is no reply.
func TestHandleDo(t *testing.T) {
	for _, c := range []struct {
		reply *Crate
		err   error
	}{{nil, nil}, {&Crate{}, nil}, {nil, nl.ErrUnsupported}, {&Crate{}, nl.ErrUnsupported}} {
		req := new(CrateGet)
		h := nl.HandleDo(opGet, func(_ *nl.Incoming, r *CrateGet) (*Crate, error) {
			if r != req {
				t.Error("another request")
			}
			return c.reply, c.err
		})
		got, err := h.Do(new(nl.Incoming), req)
		if err != c.err || (got != nil) != (c.reply != nil && c.err == nil) || h.Op != opGet || h.Dump != nil {
			t.Errorf("%v, %v: %v, %v", c.reply, c.err, got, err)
		}
	}
}

func TestHandleAck(t *testing.T) {
	for _, want := range []error{nil, netlink.EBUSY} {
		h := nl.HandleAck(opSet, func(*nl.Incoming, *CrateSet) error { return want })
		if got, err := h.Do(new(nl.Incoming), new(CrateSet)); got != nil || err != want {
			t.Errorf("%v: %v, %v", want, got, err)
		}
	}
}

func TestHandleDump(t *testing.T) {
	list := func(entries iter.Seq2[*Crate, error], stop int) (labels []string, err error, done bool) {
		h := nl.HandleDump(opGetDump, func(*nl.Incoming, *CrateGetDump) iter.Seq2[*Crate, error] { return entries })
		seq := h.Dump(new(nl.Incoming), new(CrateGetDump))
		if seq == nil {
			return nil, nl.ErrUnsupported, false
		}
		for m, e := range seq {
			if err = e; err != nil {
				continue // to see that nothing follows
			}
			if labels = append(labels, m.(*Crate).Label.Value()); len(labels) == stop {
				return labels, nil, false
			}
		}
		return labels, err, true
	}
	entries := func(yield func(*Crate, error) bool) {
		for _, label := range []string{"a", "", "b", "!", "c"} {
			var err error
			crate := labelled(label)
			p := &crate
			switch label {
			case "":
				p = nil
			case "!":
				err = netlink.EIO
			}
			if !yield(p, err) {
				return
			}
		}
	}
	if labels, err, _ := list(entries, 0); !slices.Equal(labels, []string{"a", "b"}) || err != netlink.EIO {
		t.Errorf("%q, %v", labels, err)
	}
	if labels, err, done := list(entries, 1); !slices.Equal(labels, []string{"a"}) || err != nil || done {
		t.Errorf("stopped: %q, %v, %v", labels, err, done)
	}
	if _, err, _ := list(nil, 0); !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("no dump: %v", err)
	}
}

// TestIncomingEmpty calls a server's method without a kernel around.
func TestIncomingEmpty(t *testing.T) {
	call := new(nl.Incoming)
	if call.Context() == nil || call.Flags() != 0 || call.Has(nl.Create) || call.Port() != 0 || call.Privileged() {
		t.Error("an empty request has something")
	}
	call.Warn("nobody hears it")
	call.SetCookie([]byte{1})
	call.Interrupt()
	if len(call.Message()) != 0 {
		t.Error("an empty request has a message")
	}
	if err := errors.Join(call.Echo(&CrateSaid{}), call.Reply(&Crate{})); err != nil {
		t.Error(err)
	}
	var e *netlink.Error
	if err := call.Refuse(netlink.ENODEV, ".header.dev-name", "no such device"); !errors.As(err, &e) ||
		e.Errno != netlink.ENODEV || e.Text != "no such device" || e.HasOffset {
		t.Errorf("%v", err)
	}
	if err := call.Refuse(0, ".id", "no"); err == nil || errors.As(err, new(*netlink.Error)) || !strings.Contains(err.Error(), "number 0, which is success: want one like netlink.EINVAL (.id no)") {
		t.Errorf("refused with success: %v", err)
	}
	if err := call.Missing(".id"); !errors.Is(err, netlink.EINVAL) {
		t.Errorf("%v", err)
	}
}

// CrateSaid is an announcement.
type CrateSaid struct{ Crate }

// NetlinkID is that of the notification.
func (*CrateSaid) NetlinkID() uint16 { return 9 }
