package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// Isolate runs c in a user namespace and a network namespace of its own, where
// its user is root, and returns its exit status. Inside, it returns
// AlreadyIsolated and does nothing. The error is [ErrNoNamespace] where there
// can be no such namespaces.
func Isolate(ctx context.Context, c Command) (int, error) {
	if os.Getenv(isolatedEnv) != "" {
		return AlreadyIsolated, nil
	}
	cmd, err := c.cmd(ctx)
	if err != nil {
		return 0, err
	}
	cmd.Env = append(os.Environ(), isolatedEnv+"=1")
	cmd.Stdin = os.Stdin
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if errors.Is(err, syscall.ENOSPC) {
			// clone() says this as "no space".
			return 0, fmt.Errorf("%w (the limit user.max_user_namespaces is reached)", ErrNoNamespace)
		}
		return 0, fmt.Errorf("%w (%w; see the sysctls kernel.unprivileged_userns_clone and "+
			"kernel.apparmor_restrict_unprivileged_userns)", ErrNoNamespace, err)
	}
	err = cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		return exit.ExitCode(), nil
	}
	return 0, err
}
