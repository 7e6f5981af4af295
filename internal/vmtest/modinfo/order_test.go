package modinfo

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// look knows modules that need others, as "a: b c ~d": d is better there first.
func look(lines ...string) func(string) (*Info, error) {
	known := map[string]*Info{"builtin": nil}
	for _, line := range lines {
		name, rest, _ := strings.Cut(line, ":")
		info := &Info{Name: name}
		for word := range strings.FieldsSeq(rest) {
			if pre, ok := strings.CutPrefix(word, "~"); ok {
				info.Pre = append(info.Pre, pre)
			} else {
				info.Depends = append(info.Depends, word)
			}
		}
		known[name] = info
	}
	return func(name string) (*Info, error) {
		info, ok := known[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return info, nil
	}
}

func TestOrder(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		modules    []string
	}{
		{"alone", "alone", []string{"alone:"}},
		{"a-b", "a_b", []string{"a_b:"}},
		{"builtin", "", nil},
		{"a", "b a", []string{"a: b builtin", "b:"}},
		{"a", "d b c a", []string{"a: b c", "b: d", "c: d", "d:"}},
		{"a", "s b a", []string{"a: b ~s", "b:", "s:"}},
		{"a", "crc32c_generic a", []string{"a: ~crc32c", "crc32c_generic:"}},
		{"a", "b a", []string{"a: b ~nowhere", "b:"}},
		// What is better there first waits for what is missing, or for this one.
		{"a", "b a", []string{"a: b ~s", "b:", "s: b nowhere"}},
		{"a", "a", []string{"a: ~s", "s: a"}},
		{"a", "a", []string{"a: ~a"}},
	} {
		got, err := Order(tt.name, look(tt.modules...))
		if err != nil {
			t.Errorf("%v: %v", tt.modules, err)
		} else if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%v: -want +got:\n%s", tt.modules, diff)
		}
	}
}

func TestOrderErrors(t *testing.T) {
	if _, err := Order("a", look()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a module that is not there: error %v", err)
	}
	_, err := Order("a", look("a: b", "b: c"))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "wanted by b") {
		t.Errorf("one that another wants is not there: error %v", err)
	}
	_, err = Order("a", look("a: b", "b: c", "c: a"))
	if err == nil || !strings.Contains(err.Error(), "a -> b -> c -> a") {
		t.Errorf("a circle: error %v", err)
	}
}
