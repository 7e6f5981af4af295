package ynl

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzParse gives the loader texts of all kinds: it answers with a model or with
// problems, in good time, and what it lets through can be used.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	_, cases := readBad(f)
	for _, b := range cases {
		f.Add([]byte(b.spec()))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		begin := time.Now()
		s, err := Parse("t.yaml", text)
		if d := time.Since(begin); d > 10*time.Second {
			t.Fatalf("took %v", d)
		}
		if err != nil {
			e, ok := errors.AsType[*SpecError](err)
			if !ok || len(e.Problems) == 0 || e.Error() == "" {
				t.Fatalf("error %T %v, want a *SpecError with problems", err, err)
			}
			return
		}
		use(t, s)
	})
}

// use follows all that a model refers to, as those do who work with it.
func use(t *testing.T, s *Spec) {
	for _, p := range s.Findings() {
		if p.String() == "" {
			t.Error("an empty finding")
		}
	}
	for _, st := range s.Structs {
		at := 0
		for _, m := range st.Members {
			if m.Offset != at || m.Size < 0 {
				t.Errorf("%s.%s: at %d, size %d; want it at %d", st.Name, m.Name, m.Offset, m.Size, at)
			}
			at += m.Size
		}
		if at != st.Size || at > maxStruct {
			t.Errorf("%s has %d bytes in %d", st.Name, at, st.Size)
		}
	}
	for _, set := range s.Sets {
		for _, a := range set.Attrs {
			if a.Type == Unset || a.ID > maxAttr || set.ByID(a.ID) == nil || s.Set(set.Name) != set {
				t.Errorf("%s of %s: type %v, number %d", a.Name, set.Name, a.Type, a.ID)
			}
			if a.Type == SubMsg && (a.SubMsg == nil || a.Selector == "") || a.Type == IndexedArray && a.Sub == Unset {
				t.Errorf("%s of %s: a %v without what that needs", a.Name, set.Name, a.Type)
			}
		}
	}
	for _, op := range s.Ops {
		switch {
		case s.Op(op.Name) != op:
			t.Errorf("op %s is not found", op.Name)
		case op.Do != nil && s.Request(op.Do.RequestID) == nil, op.IsAsync() && s.Incoming(op.ID) == nil:
			t.Errorf("op %s is not found by its number", op.Name)
		case op.Set == nil && !op.IsReserved():
			t.Errorf("op %s has no set", op.Name)
		}
	}
	_ = dump(s)
}
