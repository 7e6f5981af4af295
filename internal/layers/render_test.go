package layers

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

func TestRender(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the expected bytes are little-endian")
	}
	g := NewGeneric()
	g.Add(28, exampleFamily)
	var b strings.Builder
	if err := Render(&b, echo(t), g, Style{Indent: "  "}); err != nil {
		t.Fatal(err)
	}
	want := `
  0000  38 00 00 00              nlmsghdr    nlmsg_len 56
  0004  1c 00 05 00                          type 28 DOC_EXMPL, REQUEST|ACK
  0008  07 00 00 00 92 10 00 00              seq 7, port 4242
  0010  01 01 00 00              genlmsghdr  cmd 1 ECHO, version 1
  0014  21 00 01 00              nlattr      attr 1 MSG, nla_len 33
  0018  48 65 6c 6c 6f 20 57 6f              "Hello World from user space!" NUL
  0020  72 6c 64 20 66 72 6f 6d
  0028  20 75 73 65 72 20 73 70
  0030  61 63 65 21 00 00 00 00
`[1:]
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// TestRenderWidth: long meanings go on below, and no line is too long for it.
func TestRenderWidth(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the expected bytes are little-endian")
	}
	msg := build(t, func(b *wire.Builder) {
		b.Message(wire.Header{Type: 16})
		b.Raw([]byte{1, 2, 0, 0})
		ops := b.Nest(6)
		one := b.NestPlain(1)
		b.Uint32(2, 0x1f)
		b.End(one)
		b.End(ops)
		b.Text(2, "two  spaces and many more words in here")
	})
	var b strings.Builder
	if err := Render(&b, msg, NewGeneric(), Style{Indent: "    ", Width: 80}); err != nil {
		t.Fatal(err)
	}
	want := `
    0018  0c 00 01 00              nlattr        attr 1 list entry, nla_len 12
    001c  08 00 02 00 1f 00 00 00  nlattr          attr 2 FLAGS, nla_len 8:
                                                   admin-perm|do|dump|haspol|uns-admin-perm
    0024  2c 00 02 00              nlattr      attr 2 FAMILY_NAME, nla_len 44
    0028  74 77 6f 20 20 73 70 61              "two  spaces and many more words
    0030  63 65 73 20 61 6e 64 20              in here" NUL
    0038  6d 61 6e 79 20 6d 6f 72
`
	if !strings.Contains(b.String(), want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestBreakText(t *testing.T) {
	for _, tt := range []struct {
		in   string
		room int
		want []string
	}{
		{"", 5, []string{""}},
		{"abc  de", 7, []string{"abc  de"}},
		{"abc de", 5, []string{"abc", "de"}},
		{"abc de", 3, []string{"abc", "de"}},
		{"abcdefgh i j", 3, []string{"abcdefgh", "i j"}},
		{"abcdefgh", 3, []string{"abcdefgh"}},
		{" abcdefgh", 3, []string{" abcdefgh"}},
		{"äöü äöü", 3, []string{"äöü", "äöü"}},
		{"a  b", 2, []string{"a ", "b"}},
	} {
		if got := breakText(tt.in, tt.room); !slices.Equal(got, tt.want) {
			t.Errorf("%q in %d: %q, want %q", tt.in, tt.room, got, tt.want)
		}
	}
}

func TestRenderColor(t *testing.T) {
	var plain, color strings.Builder
	if err := Render(&plain, echo(t), nil, Style{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") {
		t.Error("colours without being asked for")
	}
	if err := Render(&color, echo(t), nil, Style{Color: true}); err != nil {
		t.Fatal(err)
	}
	if n, m := strings.Count(color.String(), "\x1b["), strings.Count(color.String(), "\x1b[0m"); m == 0 || n != 2*m {
		t.Errorf("%d escape sequences, %d of them resets", n, m)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestRenderWriteError(t *testing.T) {
	if err := Render(fullDisk{}, echo(t), nil, Style{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("error %v, want the writer's", err)
	}
}

func TestRenderFolds(t *testing.T) {
	b := build(t, func(b *wire.Builder) {
		b.Message(wire.Header{Type: 99})
		b.Attr(1, append([]byte{1, 2, 3, 4, 5, 6, 7, 8}, make([]byte, 42)...))
	})
	var out strings.Builder
	if err := Render(&out, b, nil, Style{}); err != nil {
		t.Fatal(err)
	}
	var tail []string
	for l := range strings.Lines(out.String()) {
		tail = append(tail, strings.TrimSpace(l))
	}
	tail = tail[len(tail)-4:]
	want := []string{"32 bytes more like the row above", "0044  00 00 00 00"}
	if !strings.HasPrefix(tail[0], "0014") && !strings.HasPrefix(tail[1], "001c") ||
		!strings.HasSuffix(tail[2], want[0]) || tail[3] != want[1] {
		t.Errorf("rows not folded:\n%s", out.String())
	}
}
