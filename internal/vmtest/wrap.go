package vmtest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// wrapTools makes the build tools of a newer Debian run here: each program gets
// another name, and its own becomes a script that runs it by the loader and with
// the libraries that were unpacked beside it. The tools are in tmp now, and will
// be in dir.
func wrapTools(tmp, dir string) error {
	libraries := filepath.Join(dir, rootName, "usr/lib/x86_64-linux-gnu")
	kbuild, err := filepath.Glob(filepath.Join(tmp, rootName, "usr/lib/linux-kbuild-*"))
	if err != nil {
		return err
	}
	if len(kbuild) != 1 {
		return fmt.Errorf("%d folders of build tools in the packages, want one", len(kbuild))
	}
	var programs []string
	err = filepath.WalkDir(kbuild[0], func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Mode()&0o111 == 0 {
			return err
		}
		dynamic, err := isDynamic(path)
		if dynamic {
			programs = append(programs, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, program := range programs {
		// Some choose among programs beside them, by their own name: these are plain
		// enough to run anyway.
		if chosen, err := filepath.Glob(program + ".real-*"); err != nil || len(chosen) > 0 {
			continue
		}
		const ending = ".program"
		rel, err := filepath.Rel(tmp, program)
		if err != nil {
			return err
		}
		if err := os.Rename(program, program+ending); err != nil {
			return err
		}
		script := fmt.Sprintf("#!/bin/sh\nexec %q --library-path %q %q \"$@\"\n",
			libraries+"/ld-linux-x86-64.so.2", libraries, filepath.Join(dir, rel)+ending)
		if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
			return err
		}
	}
	return nil
}
