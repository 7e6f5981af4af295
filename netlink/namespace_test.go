package netlink

import "testing"

func TestNamespaceText(t *testing.T) {
	for _, c := range []struct {
		n       Namespace
		text    string
		current bool
	}{
		{Namespace{}, "current", true},
		{ParseNamespace(""), "current", true},
		{ParseNamespace("blue"), "/run/netns/blue", false},
		{ParseNamespace("./blue"), "./blue", false},
		{NamespacePath("/proc/1/ns/net"), "/proc/1/ns/net", false},
		{NamespaceFD(0), "fd 0", false},
		{NamespaceFD(3), "fd 3", false},
		{NamespaceFD(-1), "invalid fd", false},
		{NamespaceFD(-99), "invalid fd", false},
	} {
		if c.n.String() != c.text || c.n.IsCurrent() != c.current {
			t.Errorf("%q, current %v, want %q, %v", c.n, c.n.IsCurrent(), c.text, c.current)
		}
	}
}

func TestNamespaceNameRefused(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../../proc/self/ns/net", "a/b"} {
		n := NamespaceName(name)
		if n.IsCurrent() || !n.invalid {
			t.Errorf("%q is taken for a name: %v", name, n)
		}
	}
}
