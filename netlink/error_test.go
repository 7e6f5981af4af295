package netlink

import (
	"errors"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

func TestErrorText(t *testing.T) {
	value := wire.Attr(attr(3, 'x', 0))
	for _, c := range []struct {
		err  Error
		want string
	}{
		{Error{Errno: ENODEV}, "no such device"},
		{Error{Op: "RTM_GETLINK", Errno: ENODEV}, "RTM_GETLINK: no such device"},
		{Error{Op: "op", Errno: EINVAL, ExtAck: ExtAck{Text: "bad name"}}, "op: bad name: invalid argument"},
		{Error{Errno: EINVAL, ExtAck: ExtAck{HasOffset: true, Offset: 36}}, "invalid argument (at offset 36 of the request)"},
		{Error{Errno: EINVAL, ExtAck: ExtAck{HasOffset: true, Offset: 36}, Value: value}, "invalid argument (attribute 3 at offset 36)"},
		{Error{Errno: ERANGE, ExtAck: ExtAck{HasOffset: true, Offset: 36, Policy: &AttrPolicy{Type: PolicyU8, HasUnsigned: true, MaxU: 1}}, Value: value, Attr: ".up"},
			"numerical result out of range (attribute .up, must be u8 0..1)"},
		{Error{Errno: EINVAL, ExtAck: ExtAck{HasMissingType: true, MissingType: 4}}, "invalid argument (missing attribute 4)"},
		{Error{Errno: EINVAL, ExtAck: ExtAck{HasMissingType: true, MissingType: 4, HasMissingNest: true, MissingNest: 20}},
			"invalid argument (missing attribute 4 in the nest at offset 20)"},
		{Error{Errno: EINVAL, ExtAck: ExtAck{HasMissingType: true, MissingType: 4}, Missing: ".header.dev-index"}, "invalid argument (missing attribute .header.dev-index)"},
		{Error{Errno: 4711}, "errno 4711"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestErrnoIs(t *testing.T) {
	for _, c := range []struct {
		e    Errno
		is   []error
		not  []error
		name string
	}{
		{ENODEV, []error{ENODEV, os.ErrNotExist}, []error{ENOENT, os.ErrPermission, os.ErrExist}, "ENODEV"},
		{ENOENT, []error{ENOENT, os.ErrNotExist}, []error{ENODEV, os.ErrInvalid}, "ENOENT"},
		{EPERM, []error{os.ErrPermission}, []error{os.ErrNotExist}, "EPERM"},
		{EACCES, []error{os.ErrPermission}, []error{EPERM}, "EACCES"},
		{EEXIST, []error{os.ErrExist}, []error{os.ErrNotExist}, "EEXIST"},
		{EINVAL, []error{os.ErrInvalid}, []error{os.ErrExist}, "EINVAL"},
		{ETIMEDOUT, []error{os.ErrDeadlineExceeded}, []error{os.ErrClosed}, "ETIMEDOUT"},
		{ENOTSUPP, []error{ENOTSUPP}, []error{EOPNOTSUPP}, "ENOTSUPP"},
		{4711, []error{Errno(4711)}, []error{os.ErrInvalid}, "errno 4711"},
	} {
		wrapped := fmt.Errorf("outer: %w", &Error{Errno: c.e})
		for _, target := range c.is {
			if !errors.Is(wrapped, target) {
				t.Errorf("%s is not %v", c.name, target)
			}
		}
		for _, target := range c.not {
			if errors.Is(wrapped, target) {
				t.Errorf("%s is %v", c.name, target)
			}
		}
		if c.e.Name() != c.name {
			t.Errorf("name %q, want %q", c.e.Name(), c.name)
		}
	}
	for e, row := range errnoTable {
		if e.Name() != row.name || e.Error() != row.text || row.name == "" || row.text == "" {
			t.Errorf("errno %d: %q, %q", uint32(e), e.Name(), e.Error())
		}
	}
	if !EAGAIN.Temporary() || EPERM.Temporary() {
		t.Error("EAGAIN is temporary, EPERM is not")
	}
}

// TestParseAckLimits parses answers at the edges of what there can be.
func TestParseAckLimits(t *testing.T) {
	req := request(18, attr(3, 'a', 0))
	offset := func(v uint32) []byte { return nack(1, EINVAL, attr(wire.AckOffset, u32(v)...)) }
	for _, c := range []struct {
		name  string
		m     []byte
		errno Errno
		value string
	}{
		{"smallest errno", message(wire.TypeError, wire.Capped, 1, u32(1<<31), req[:16]), 1 << 31, ""},
		{"positive errno", message(wire.TypeError, wire.Capped, 1, u32(5), req[:16]), EIO, ""},
		{"offset of the attribute", offset(16), EINVAL, "a"},
		{"offset in the header", offset(4), EINVAL, ""},
		{"offset 0", offset(0), EINVAL, ""},
		{"offset at the end", offset(uint32(len(req))), EINVAL, ""},
		{"offset past the end", offset(4000), EINVAL, ""},
		{"largest offset", offset(math.MaxUint32), EINVAL, ""},
		{"offset of no attribute", offset(21), EINVAL, ""},
		{"offset of 2 bytes", nack(1, EINVAL, attr(wire.AckOffset, 1, 2)), EINVAL, ""},
		{"malformed attributes", nack(1, EINVAL, []byte{99, 0, 1, 0}), EINVAL, ""},
	} {
		_, err := ParseAck(c.m, req)
		var e *Error
		if !errors.As(err, &e) || e.Errno != c.errno || e.Value.Text() != c.value {
			t.Errorf("%s: %v, value %q, want errno %d, %q", c.name, err, e.Value.Text(), c.errno, c.value)
		}
		if e.Error() == "" {
			t.Errorf("%s: no text", c.name)
		}
	}
	if a, err := ParseAck(done(1, 0), req); err != nil || !a.IsZero() {
		t.Errorf("a plain end: %+v, %v", a, err)
	}
	if a, err := ParseAck(nack(1, 0, attr(wire.AckCookie)), req); err != nil || a.IsZero() || a.Cookie == nil {
		t.Errorf("an empty cookie: %+v, %v, want it to be seen", a, err)
	}
}

func TestIsZero(t *testing.T) {
	for _, x := range []ExtAck{{Text: "a"}, {Cookie: []byte{}}, {HasOffset: true}, {Policy: &AttrPolicy{}}, {HasMissingType: true}, {HasMissingNest: true}} {
		if x.IsZero() {
			t.Errorf("%+v says nothing", x)
		}
	}
	if x := (ExtAck{}); !x.IsZero() {
		t.Error("the zero value says something")
	}
}
