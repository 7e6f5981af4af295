package vmtest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "lock")
	first, err := lock(t.Context(), path, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := lock(t.Context(), path, false, nil)
	if err != nil {
		t.Fatalf("together: %v", err)
	}
	// Alone is not possible while there is another.
	brief, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	waited := 0
	if err := first.turn(brief, true, func() { waited++ }); !errors.Is(err, errLocked) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("alone, with another: error %v", err)
	}
	if waited != 1 {
		t.Errorf("that it waits was said %d times", waited)
	}
	// It is as soon as that one is gone.
	err = first.turn(t.Context(), true, func() {
		if err := second.Close(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Errorf("alone: %v", err)
	}
	brief, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := lock(brief, path, false, nil); !errors.Is(err, errLocked) {
		t.Errorf("beside one that is alone: error %v", err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
}
