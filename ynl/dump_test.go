package ynl

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// dump shows a model as text: all that was read of a spec, what is zero left
// out.
func dump(s *Spec) string {
	var b strings.Builder
	line := func(indent int, format string, args ...any) {
		fmt.Fprintf(&b, "%s%s\n", strings.Repeat("  ", indent), fmt.Sprintf(format, args...))
	}
	line(0, "%s: %v, protocol %d%s", s.Name, s.Level, uint8(s.Protocol), fields(*s, "Name", "File", "Level", "Protocol"))
	for _, c := range s.Consts {
		line(1, "const %s%s", c.Name, fields(*c, "Name"))
	}
	for _, e := range s.Enums {
		line(1, "enum %s%s mask=%#x", e.Name, fields(*e, "Name"), e.Mask())
		for _, n := range e.Entries {
			line(2, "%s = %d%s", n.Name, int64(n.Value), fields(*n, "Name", "Value"))
		}
	}
	for _, st := range s.Structs {
		line(1, "struct %s%s", st.Name, fields(*st, "Name"))
		for _, m := range st.Members {
			line(2, "%2d+%d %s%s", m.Offset, m.Size, m.Name, fields(*m, "Name", "Offset", "Size"))
		}
	}
	for _, set := range s.Sets {
		line(1, "set %s%s", set.Name, fields(*set, "Name"))
		for _, a := range set.Attrs {
			line(2, "%d %s%s", a.ID, a.Name, fields(*a, "Name", "ID", "Set"))
		}
	}
	for _, m := range s.SubMessages {
		line(1, "sub-message %s", m.Name)
		for _, f := range m.Formats {
			line(2, "%s%s", f.Value, fields(*f, "Value"))
		}
	}
	for _, op := range s.Ops {
		line(1, "op %s%s", op.Name, fields(*op, "Name", "Do", "Dump", "Event"))
		for i, m := range []*Mode{op.Do, op.Dump} {
			if m != nil {
				line(2, "%s%s", [...]string{"do", "dump"}[i], fields(*m))
			}
		}
		if op.Event != nil {
			line(2, "event %s", value1(reflect.ValueOf(op.Event)))
		}
	}
	for _, g := range s.Groups {
		line(1, "group %s%s", g.Name, fields(*g, "Name"))
	}
	return b.String()
}

// fields shows the exported fields of a struct that are not zero.
func fields(v any, without ...string) string {
	var out strings.Builder
	skip := " Pos " + strings.Join(without, " ") + " "
	r := reflect.ValueOf(v)
	for i := range r.NumField() {
		f, val := r.Type().Field(i), r.Field(i)
		if !f.IsExported() || val.IsZero() || strings.Contains(skip, " "+f.Name+" ") {
			continue
		}
		if text := value1(val); text != "" {
			fmt.Fprintf(&out, " %s=%s", f.Name, text)
		}
	}
	return out.String()
}

func value1(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case fmt.Stringer:
		return x.String()
	case *Message:
		if x == nil {
			return "-"
		}
		var names []string
		for _, a := range x.Attrs {
			names = append(names, a.Name)
		}
		return fmt.Sprint(names)
	case Checks, CNames, KernelSide:
		return "{" + strings.TrimSpace(fields(x)) + "}"
	case string:
		return fmt.Sprintf("%q", x)
	case []string:
		return fmt.Sprint(x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return v.Elem().FieldByName("Name").String()
	case reflect.Slice:
		return "" // shown by itself
	}
	return fmt.Sprint(v.Interface())
}

// TestModel compares the models of specs that use all the language has, one for
// each level of the schema, with what was worked out by hand.
func TestModel(t *testing.T) {
	for level := range levelNames {
		name := filepath.Join("testdata", levelNames[level])
		s, err := ParseFile(name + ".yaml")
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if s.Level != Level(level) || s.File != name+".yaml" {
			t.Errorf("%s: level %v, file %q", name, s.Level, s.File)
		}
		got := dump(s)
		if *update {
			if err := os.WriteFile(name+".model", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name + ".model")
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: the model is\n%s\nwant\n%s", name, got, want)
		}
	}
}
