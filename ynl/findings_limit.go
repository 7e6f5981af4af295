package ynl

import "strings"

// limits looks for limits by a name that nothing has. The generator of C takes
// any such name for one in a header. What is written as C writes constants is
// left to those who read headers.
func (f *finder) limits(a *Attr, what string) {
	c := &a.Checks
	for _, l := range []struct {
		key string
		Limit
	}{{"min", c.Min}, {"max", c.Max}, {"min-len", c.MinLen}, {"max-len", c.MaxLen}, {"exact-len", c.ExactLen}} {
		name := l.CName()
		switch k := f.spec.consts[strings.TrimSuffix(l.Symbol, lessOne)]; {
		case !l.Set || l.Known || name != "":
		case k != nil:
			f.add(a.Pos, "%s has the limit %q: %s, but that const is no number: it is %q", what, l.key, l.Symbol, k.Text)
		default:
			f.add(a.Pos, "%s has the limit %q: %s, which is neither a const of this spec nor a bound such as u16-max%s", what, l.key, l.Symbol,
				meant(strings.TrimSuffix(l.Symbol, lessOne), append(sortedKeys(f.spec.consts), typeLimits()...)))
		}
	}
}

// CName returns the name of the constant in a C header that the limit is, or is 1
// less than; "" where its value is known, or its name is not written as such
// constants are: in capitals, with no dash.
func (l Limit) CName() string {
	name := strings.TrimSuffix(l.Symbol, lessOne)
	if l.Known || name != strings.ToUpper(name) || strings.Contains(name, "-") {
		return ""
	}
	return name
}

// typeLimits are the names that typeLimit knows.
func typeLimits() []string {
	var names []string
	for t := range typeNames {
		for _, end := range []string{"-min", "-max"} {
			if _, ok := typeLimit(Type(t).String() + end); ok {
				names = append(names, Type(t).String()+end)
			}
		}
	}
	return names
}
