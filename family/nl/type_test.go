package nl

import (
	"reflect"
	"strings"
	"testing"
)

func TestWrongTags(t *testing.T) {
	for _, c := range []struct{ tag, want string }{
		{"1,x", ""},
		{"1,x,u32", ""},
		{"header", "is a struct"},
		{"raw", ""},
		{"x", "want NUMBER,NAME,TYPE"},
		{"99999,x,u32", "value out of range"},
		{"x,x,u32", "invalid syntax"},
		{"1,x,u32xe", `no type "u32xe"`},
		{"1,x,stringbe", `no type "stringbe"`},
		{"1,x,u32,odd", `no option "odd"`},
		{"1,x,binary,sub=odd", `no option "sub=odd"`},
		{",x,u32", ""},
		{",x,string", "how long it is"},
		{",x,string,len=16", ""},
		{",x,string,len=-1", "invalid syntax"},
	} {
		typ := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`nl:"` + c.tag + `"`)}})
		err := typeOf(typ).err
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%q: %v", c.tag, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%q: %v, want %q", c.tag, err, c.want)
		}
	}
}

// TestGuesses are what a field's Go type tells where its tag does not.
func TestGuesses(t *testing.T) {
	type all struct {
		Nests  []Indexed[*vfInfo] `nl:"1,nests,indexed-array"`
		Texts  []Indexed[string]  `nl:"2,texts,indexed-array"`
		Blobs  []Indexed[[]byte]  `nl:"3,blobs,indexed-array"`
		Signed []Indexed[int16]   `nl:"4,signed,indexed-array"`
		States []Indexed[state]   `nl:"5,states,indexed-array"`
		IDs    []Indexed[UUID]    `nl:"6,ids,indexed-array"`
	}
	s := typeOf(reflect.TypeFor[all]())
	if s.err != nil {
		t.Fatal(s.err)
	}
	for number, want := range map[uint16]form{
		1: {kind: kindNest}, 2: {kind: kindString}, 3: {kind: kindBinary},
		4: {kind: kindNumber, size: 2, signed: true}, 5: {kind: kindNumber, size: 1}, 6: {kind: kindBinary},
	} {
		if got := s.attr(number).sub; got != want {
			t.Errorf("%s: %+v, want %+v", s.attr(number).name, got, want)
		}
	}
	if s.attr(1).child() != typeOf(reflect.TypeFor[vfInfo]()) || !s.attr(5).isEnum || s.attr(6).hint != hintUUID {
		t.Error("types of elements are not found")
	}
}

// TestTypesAreKept makes a type's description once.
func TestTypesAreKept(t *testing.T) {
	a, b := typeOf(reflect.TypeFor[link]()), typeOf(reflect.TypeFor[link]())
	if a != b || a.header.child().size != 16 || a.named("mtu").number != 4 || a.attr(5) != nil {
		t.Errorf("%p %p %+v", a, b, a)
	}
}
