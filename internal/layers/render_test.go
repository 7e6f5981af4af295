package layers

import (
	"encoding/binary"
	"errors"
	"os"
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
