//go:build linux

package families_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/account"
	"github.com/nlkit/nlkit/internal/catalogue"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// listener hears what all families announce, and accounts for every byte of it.
type listener struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	families map[string]*tally
	heard    map[string]int    // by family and name
	examples map[string]string // one of each, as JSON
	lost     map[string]uint64 // messages, by family
	errors   []error           // that ended a subscription
	changed  chan struct{}     // closed and replaced with every message
}

// listen joins all groups of all families that the kernel has, in the world's
// namespace.
func listen(t *testing.T, w *world) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &listener{cancel: cancel, families: map[string]*tally{}, heard: map[string]int{}, examples: map[string]string{},
		lost: map[string]uint64{}, changed: make(chan struct{})}
	t.Cleanup(l.stop)
	o := &netlink.Options{Namespace: w.namespace(t), ReceiveBuffer: 4 << 20}
	for _, name := range specs.Names() {
		spec := scene.Open(t, name)
		c, err := client.Dial(spec, o)
		if err != nil {
			t.Fatal(err)
		}
		sub, err := c.Subscribe(t.Context())
		if err != nil {
			c.Close()
			// Families without groups, and those that the kernel has not.
			if !errors.Is(err, netlink.ENOENT) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		l.wg.Go(func() {
			defer c.Close()
			defer sub.Close()
			l.receive(ctx, sub, spec.Name)
		})
	}
	return l
}

// stop ends all subscriptions.
func (l *listener) stop() {
	l.cancel()
	l.wg.Wait()
}

// receive takes a family's messages until the context ends.
func (l *listener) receive(ctx context.Context, sub *client.Subscription, family string) {
	for e, err := range sub.Events(ctx) {
		l.mu.Lock()
		switch {
		case err != nil:
			if ctx.Err() == nil {
				l.errors = append(l.errors, fmt.Errorf("%s: %w", family, err))
			}
		case e.Kind == genetlink.Overrun:
			l.lost[family] += e.Lost
		case e.Kind == genetlink.Notification:
			l.take(e.Message, family)
		}
		close(l.changed)
		l.changed = make(chan struct{})
		l.mu.Unlock()
	}
}

// take accounts for one message.
func (l *listener) take(m client.Message, family string) {
	f := l.families[family]
	if f == nil {
		f = newTally()
		l.families[family] = f
	}
	f.messages++
	name := family + " " + m.Name
	if l.heard[name]++; l.heard[name] == 1 {
		l.examples[name] = string(m.AppendJSON(nil, codec.Options{}))
	}
	if m.Op == nil {
		f.found[name+": no operation of the spec"]++
		return
	}
	f.account(m, name, family, announcement(family, m.Name))
}

// announcement is the typed package's message of a name.
func announcement(family, name string) *catalogue.Pair {
	i := slices.IndexFunc(catalogue.Pairs(), func(p *catalogue.Pair) bool {
		return p.Spec.Name == family && p.Role == catalogue.Notification && p.Name == name
	})
	if i < 0 {
		return nil
	}
	return catalogue.Pairs()[i]
}

// wait waits until everything of a list was heard, and returns what was not when
// the context ends.
func (l *listener) wait(ctx context.Context, names []string) (missing []string) {
	for {
		l.mu.Lock()
		changed := l.changed
		missing = missing[:0]
		for _, name := range names {
			if l.heard[name] == 0 {
				missing = append(missing, name)
			}
		}
		l.mu.Unlock()
		if len(missing) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return missing
		case <-changed:
		}
	}
}

// account accounts for a message. place is the family and the operation; typed is
// what the family's package reads it as.
func (f *tally) account(m client.Message, place, family string, typed *catalogue.Pair) {
	o := account.Check(m, family)
	for _, finding := range o.Findings {
		if reason := finding.Excuse(); reason != "" {
			f.excused[reason]++
		} else {
			f.found[fmt.Sprintf("%s: %.200s", finding.Place, finding.What)]++
		}
	}
	for _, fault := range o.Faults {
		f.found[fmt.Sprintf("%s: %.2000s", place, fault)]++
	}
	if typed == nil {
		f.found[place+": no type for it"]++
	} else if err := typed.Compare(m.Payload); err != nil {
		f.compared(typed, err)
	}
}
