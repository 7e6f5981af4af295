package vmtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// fileLock is a lock that processes share, on a file. Who only uses what it
// guards holds it together with others; who changes that holds it alone.
type fileLock struct{ f *os.File }

// errLocked is what tryLock says of a lock that others hold.
var errLocked = errors.New("locked by another process")

// lock waits for a lock. What is called once if it has to wait.
func lock(ctx context.Context, path string, alone bool, wait func()) (*fileLock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	l := &fileLock{f}
	if err := l.turn(ctx, alone, wait); err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

// turn makes the lock one of the other kind. Others may have it in between.
func (l *fileLock) turn(ctx context.Context, alone bool, wait func()) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := tryLock(l.f, alone)
		if err == nil {
			return nil
		}
		if !errors.Is(err, errLocked) {
			return fmt.Errorf("%s: %w", l.f.Name(), err)
		}
		if wait != nil {
			wait()
			wait = nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: %w", l.f.Name(), err, context.Cause(ctx))
		}
	}
}

// Close gives the lock back.
func (l *fileLock) Close() error { return l.f.Close() }
