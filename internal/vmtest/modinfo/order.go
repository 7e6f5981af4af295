package modinfo

import (
	"fmt"
	"slices"
	"strings"
)

// Order returns the modules that have to be loaded for name, in that order,
// itself the last. Look finds a module by name; what it does not know it reports
// by an error, which Order returns, unless the module is one that is only better
// loaded first. It returns nil for one that the kernel has built in.
func Order(name string, look func(name string) (*Info, error)) ([]string, error) {
	o := order{look: look}
	if err := o.visit(Name(name), nil); err != nil {
		return nil, err
	}
	return o.done, nil
}

type order struct {
	look func(string) (*Info, error)
	done []string
}

func (o *order) visit(name string, path []string) error {
	if slices.Contains(o.done, name) {
		return nil
	}
	if slices.Contains(path, name) {
		return fmt.Errorf("modules depend on each other in a circle: %s", strings.Join(append(path, name), " -> "))
	}
	info, err := o.look(name)
	if err != nil {
		if len(path) > 0 {
			err = fmt.Errorf("%w (wanted by %s)", err, path[len(path)-1])
		}
		return err
	}
	if info == nil {
		return nil
	}
	path = append(slices.Clip(path), name)
	for _, before := range info.Pre {
		o.wish(before, path)
	}
	for _, before := range info.Depends {
		if err := o.visit(before, path); err != nil {
			return err
		}
	}
	o.done = append(o.done, name)
	return nil
}

// wish loads what is better loaded first. The names in use are also those of
// algorithms (crc32c), whose plain implementation is a module with an ending
// (crc32c_generic). What is not there, or waits for this module itself, is left
// out.
func (o *order) wish(name string, path []string) {
	for _, candidate := range []string{name, name + "_generic"} {
		done := len(o.done)
		if slices.Contains(path, candidate) || o.visit(candidate, path) != nil {
			o.done = o.done[:done]
			continue
		}
		return
	}
}
