package netlink

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// namespaceDir is where ip-netns(8) keeps its named namespaces.
const namespaceDir = "/run/netns"

// Namespace names a network namespace. The zero value is the one of the
// calling thread.
type Namespace struct {
	path    string
	fd      int  // +1; 0 is none
	invalid bool // path is a name that cannot be one
}

// NamespaceName is the namespace that "ip netns add" made under that name. What
// cannot be a name, such as one with a slash, is refused where it is used.
func NamespaceName(name string) Namespace {
	if name == "" || name == "." || name == ".." || strings.ContainsRune(name, '/') {
		return Namespace{path: name, invalid: true}
	}
	return Namespace{path: namespaceDir + "/" + name}
}

// NamespacePath is the namespace of a file, such as /proc/42/ns/net.
func NamespacePath(path string) Namespace { return Namespace{path: path} }

// NamespaceFD is the namespace of an open file descriptor. The descriptor stays
// the caller's and must stay open until the socket is.
func NamespaceFD(fd int) Namespace {
	if fd < 0 {
		fd = -2 // no descriptor: an error when it is used, not the current namespace
	}
	return Namespace{fd: fd + 1}
}

// ParseNamespace reads what a person types: a path if there is a slash in it,
// else a name. The empty string is the current namespace.
func ParseNamespace(s string) Namespace {
	switch {
	case s == "":
		return Namespace{}
	case strings.Contains(s, "/"):
		return NamespacePath(s)
	}
	return NamespaceName(s)
}

// IsCurrent reports whether n is the zero value.
func (n Namespace) IsCurrent() bool { return n == Namespace{} }

// String returns the path, "fd 3", or "current".
func (n Namespace) String() string {
	switch {
	case n.fd < 0:
		return "invalid fd"
	case n.fd > 0:
		return "fd " + strconv.Itoa(n.fd-1)
	case n.invalid:
		return strconv.Quote(n.path)
	case n.path != "":
		return n.path
	}
	return "current"
}

// Open opens the namespace, for what takes its descriptor: a request that moves a
// link there, or another process. The file is the caller's. An error is a
// [*NamespaceError].
func (n Namespace) Open() (*os.File, error) {
	path := n.path
	switch {
	case n.invalid:
		return nil, &NamespaceError{n, fmt.Errorf("a name is not empty and has no slash; give a path with NamespacePath: %w", EINVAL)}
	case n.fd < 0:
		return nil, &NamespaceError{n, EBADF}
	case n.fd > 0:
		path = "/proc/self/fd/" + strconv.Itoa(n.fd-1)
	case path == "":
		path = "/proc/thread-self/ns/net"
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &NamespaceError{n, err}
	}
	return f, nil
}

// NamespaceError says that a namespace could not be opened or entered.
type NamespaceError struct {
	Namespace Namespace
	Err       error
}

func (e *NamespaceError) Error() string {
	return fmt.Sprintf("network namespace %s: %v", e.Namespace, e.Err)
}

// Unwrap returns the cause.
func (e *NamespaceError) Unwrap() error { return e.Err }
