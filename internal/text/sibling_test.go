package text

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

func TestSiblings(t *testing.T) {
	nest := codec.Object{attr("x", ynl.U8, uint64(1))}
	o := codec.Object{
		attr("a", ynl.U8, uint64(1)), member("a", ynl.U8, uint64(2)), attr("a", ynl.Nested, nest),
		attr("b", ynl.U8, uint64(3)), attr("a", ynl.U8, uint64(4)), attr("a", ynl.Nested, nest), attr("a", ynl.U8, uint64(5)),
	}
	want := []sibling{
		{scalar: true, several: true, next: 4}, {scalar: true}, {several: true, next: 5},
		{scalar: true}, {scalar: true, several: true, n: 1, next: 6}, {several: true, n: 1}, {scalar: true, several: true, n: 2},
	}
	if got := siblingsOf(o); !slices.Equal(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	var b bytes.Buffer
	if err := NewPrinter(&b, Options{}).Message("op", o); err != nil {
		t.Fatal(err)
	}
	text := "op\n  a  1, 4, 5\n  a  2\n  b  3\n  a [0]   x 1\n  a [1]   x 1\n"
	if b.String() != text {
		t.Errorf("%s\nwant\n%s", b.String(), text)
	}
}

// TestManyFields prints what fills a message of 64 KiB. Work that grows with the
// square of the number takes seconds for each.
func TestManyFields(t *testing.T) {
	const n = 16000
	for name, field := range map[string]func(i int) codec.Field{
		"distinct": func(i int) codec.Field { return codec.Field{Name: fmt.Sprintf("attr-%d", i), Value: []byte{}} },
		"alike":    func(int) codec.Field { return attr("same", ynl.U32, uint64(7)) },
		"links":    func(int) codec.Field { return attr("link", ynl.U32, uint64(7)) },
		"nests": func(int) codec.Field {
			return attr("nest", ynl.Nested, codec.Object{attr("a", ynl.U8, uint64(1))})
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := make(codec.Object, n)
			for i := range o {
				o[i] = field(i)
			}
			p := NewPrinter(&bytes.Buffer{}, Options{})
			took := time.Duration(math.MaxInt64)
			for range 3 { // others may keep the machine busy for a while
				begin := time.Now()
				for _, o := range []codec.Object{o, {attr("l", ynl.Nested, o)}, {attr("l", ynl.IndexedArray, codec.Array{{Value: o}})}} {
					if err := p.Message("op", o); err != nil {
						t.Fatal(err)
					}
				}
				if took = min(took, time.Since(begin)); took < time.Second {
					break
				}
			}
			// Three times some 20 ms; the square was above 2 s each.
			if took > 2*time.Second {
				t.Errorf("%d fields, three times, took %v", n, took)
			}
			if !strings.HasPrefix(string(p.buf), "\nop\n") {
				t.Errorf("it begins with %.20q", p.buf)
			}
		})
	}
}
