package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/sockets"
	"github.com/nlkit/nlkit/netlink"
)

// topSpace is a network namespace beside the own one.
type topSpace struct{ name, path string }

// otherSpaces finds the network namespaces there are beside the own one, each once:
// by their names, or by a process in them. denied is how many processes' may not be
// looked at.
func otherSpaces(dir, proc string) (list []topSpace, denied int) {
	var seen []os.FileInfo
	own, err := os.Stat(filepath.Join(proc, "thread-self/ns/net"))
	if err == nil {
		seen = append(seen, own)
	}
	add := func(name, path string) {
		info, err := os.Stat(path)
		if errors.Is(err, os.ErrPermission) {
			denied++
		}
		if err != nil || slices.ContainsFunc(seen, func(o os.FileInfo) bool { return os.SameFile(o, info) }) {
			return
		}
		seen = append(seen, info)
		list = append(list, topSpace{name, path})
	}
	names, _ := os.ReadDir(dir) // there need not be any
	for _, e := range names {
		add(e.Name(), filepath.Join(dir, e.Name()))
	}
	processes, _ := filepath.Glob(filepath.Join(proc, "[0-9]*/ns/net"))
	for _, path := range processes {
		pid, _, _ := strings.Cut(strings.TrimPrefix(path, proc+"/"), "/")
		add("pid:"+pid, path)
	}
	return list, denied
}

// others reads the sockets of all namespaces but the own one. None is kept open
// between two readings: that would keep the namespace.
func (t *top) others(ctx context.Context) (all []spaceSockets, note string) {
	list, denied := otherSpaces(namespaceDir, "/proc")
	var last error
	for _, space := range list {
		found, err := t.socketsOf(ctx, space)
		switch {
		case err == nil:
			all = append(all, spaceSockets{space.name, found})
		case !errors.Is(err, os.ErrNotExist): // it has gone meanwhile
			denied++
			last = err
		}
	}
	switch {
	case denied == 0:
		return all, ""
	case os.Geteuid() != 0:
		return all, "other network namespaces may not be looked at: run as root to see them"
	case last != nil:
		return all, fmt.Sprintf("not all network namespaces may be looked at: %v", last)
	}
	return all, fmt.Sprintf("the network namespace of %s may not be looked at (CAP_SYS_PTRACE is needed)", processes1(denied))
}

// spaceSockets are the sockets of a namespace.
type spaceSockets struct {
	name    string
	sockets []sockets.Socket
}

func (t *top) socketsOf(ctx context.Context, space topSpace) ([]sockets.Socket, error) {
	o := t.app.options()
	o.Namespace = netlink.NamespacePath(space.path)
	r, err := sockets.Open(o)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Read(ctx)
}

func processes1(n int) string {
	if n == 1 {
		return "1 process"
	}
	return fmt.Sprintf("%d processes", n)
}
