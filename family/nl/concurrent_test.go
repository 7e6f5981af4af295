package nl_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
)

// TestConcurrent makes calls of all kinds on one Conn from many goroutines.
func TestConcurrent(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	ctx := soon(t)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 30 {
				label := fmt.Sprintf("g%d-%d", g, i)
				if err := mixed(ctx, c, label, i); err != nil {
					t.Errorf("%s: %v", label, err)
				}
			}
		})
	}
	wg.Wait()
}

// mixed makes the i-th call.
func mixed(ctx context.Context, c *nl.Conn, label string, i int) error {
	want := func(r *Crate) error {
		if r.Label.Value() != label || r.Inner.Level.Value() != 5 || len(r.Blob) != 3 {
			return fmt.Errorf("got %v", r)
		}
		return nil
	}
	req := &CrateGet{labelled(label)}
	switch i % 5 {
	case 0:
		r, err := nl.DoReply[Crate](ctx, c, req)
		if err != nil {
			return err
		}
		return want(r)
	case 1:
		return nl.DoEach(ctx, c, req, want)
	case 2:
		list, err := nl.Collect(nl.Dump[Crate](ctx, c, &CrateGetDump{}))
		if len(list) != len(dumped) {
			return fmt.Errorf("%d entries, %w", len(list), err)
		}
		return err
	case 3:
		var got error
		results, err := c.Batch(ctx, nl.Call(req, nl.ReplyTo(func(r *Crate) { got = want(r) })), nl.Call(&CrateSet{}))
		if err == nil {
			err = errors.Join(results[0].Err, results[1].Err)
		}
		return errors.Join(err, got)
	}
	n := 0
	err := nl.Do(ctx, c, &CrateSet{labelled(label)}, nl.EchoTo(func(nl.Notification) { n++ }))
	if n != 2 {
		return fmt.Errorf("%d echoes, %w", n, err)
	}
	return err
}

// TestNested: a dump, a request and a batch may be made from within a dump and
// from a function of an option.
func TestNested(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	ctx := soon(t)
	n := 0
	for r, err := range nl.Dump[Crate](ctx, c, &CrateGetDump{}) {
		if err != nil {
			t.Fatal(err)
		}
		label := r.Label.Value()
		for i := range 5 {
			if err := mixed(ctx, c, label, i); err != nil {
				t.Fatal(err)
			}
		}
		checkCrate(t, r, 7, label) // is still as it was
		if n++; n == 5 {
			break
		}
	}
	inside := 0
	reply := nl.ReplyTo(func(r *Crate) {
		for i := range 5 {
			if err := mixed(ctx, c, "inside", i); err != nil {
				t.Error(err)
			}
			inside++
		}
		checkCrate(t, r, 7, "outside")
	})
	if _, err := c.Batch(ctx, nl.Call(&CrateGet{labelled("outside")}, reply)); err != nil || inside != 5 {
		t.Errorf("%d calls, %v", inside, err)
	}
}

// TestCloseUnderWay: calls that are under way when the Conn is closed end.
func TestCloseUnderWay(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	s := subscribe(t, c, nl.NewSource(crateFamily))
	ctx := soon(t)
	var wg sync.WaitGroup
	started := make(chan struct{}, 8)
	for g := range 8 {
		wg.Go(func() {
			for i := g; ; i++ {
				if err := mixed(ctx, c, "x", i%3); err != nil {
					if !errors.Is(err, os.ErrClosed) {
						t.Errorf("%v", err)
					}
					return
				}
				select {
				case started <- struct{}{}:
				default:
				}
			}
		})
	}
	<-started
	c.Close()
	wg.Wait()
	received := make(chan error)
	go func() {
		_, err := s.Receive(ctx)
		received <- err
	}()
	s.Close()
	if err := <-received; !errors.Is(err, os.ErrClosed) {
		t.Errorf("subscription: %v", err)
	}
}
