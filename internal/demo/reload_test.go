package demo

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
)

func TestReload(t *testing.T) {
	events := runSim(t, Options{Demos: []string{"reload"}})
	order := []struct{ kind, text string }{
		{Send, "nlctrl GETFAMILY DOC_EXMPL"},
		{Output, "get: " + kernelText},
		{Fact, "DOC_EXMPL is family 19 now, and DOC_EXMPL_GRP is group 2"},
		{Fact, "unloaded, family 19 is gone"},
		{Fact, "there is no family DOC_EXMPL (ENOENT)"},
		{Fact, "loaded, DOC_EXMPL is family 20 now"},
		{Receive, "ENOENT"},
		{Fact, "family 19: ENOENT"},
		{Output, "get: " + kernelText},
		{Output, kernelText},
		{Finished, "family 19 became family 20"},
	}
	i := 0
	for _, e := range events {
		if i < len(order) && e.Kind == order[i].kind && strings.Contains(e.Text, order[i].text) {
			i++
		}
	}
	if i != len(order) {
		t.Errorf("event %d did not come in its turn: %+v\n%s", i, order[i], printText(events))
	}
}

// handSide has its module loaded by a person, who does what is written there.
type handSide struct {
	Side
	typed []string
}

func (s *handSide) Unload(ctx context.Context, instruct func(string)) (time.Duration, error) {
	return s.ask(instruct, liveSide{}.Unload, s.Side.Unload)
}

func (s *handSide) Load(ctx context.Context, instruct func(string)) (time.Duration, error) {
	return s.ask(instruct, liveSide{}.Load, s.Side.Load)
}

type step = func(context.Context, func(string)) (time.Duration, error)

// ask shows what the live side has to say, and then does it, as the person.
func (s *handSide) ask(instruct func(string), live, do step) (time.Duration, error) {
	wait, err := live(context.Background(), func(command string) {
		s.typed = append(s.typed, command)
		instruct(command)
	})
	if err != nil || wait < time.Minute {
		return wait, netlink.EINVAL
	}
	if _, err := do(context.Background(), nil); err != nil {
		return 0, err
	}
	return wait, nil
}

// TestReloadByHand: without a module's file the demo tells what to type and goes on
// when it has been done.
func TestReloadByHand(t *testing.T) {
	sim, err := NewSim()
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	side := &handSide{Side: sim}
	events := runOn(t, side, Options{Demos: []string{"reload"}})
	want := []string{"sudo rmmod doc_exmpl", "sudo insmod doc_exmpl.ko"}
	if !slices.Equal(side.typed, want) {
		t.Errorf("to type: %q, want %q", side.typed, want)
	}
	text := printText(events)
	for _, w := range want {
		if !strings.Contains(text, "now type, in another terminal | "+w) {
			t.Errorf("%q is not shown:\n%s", w, text)
		}
	}
}

// idleSide unloads nothing.
type idleSide struct{ Side }

func (s idleSide) Unload(context.Context, func(string)) (time.Duration, error) { return 1, nil }

// TestReloadNotDone: a module that is not unloaded ends the demo with what it
// waited for.
func TestReloadNotDone(t *testing.T) {
	sim, err := NewSim()
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	err = Run(t.Context(), idleSide{sim}, Options{Demos: []string{"reload"}}, func(Event) {})
	if err == nil || !strings.Contains(err.Error(), "waiting for the module to be unloaded") {
		t.Errorf("error %v, want one that tells what was waited for", err)
	}
}

func TestModuleName(t *testing.T) {
	for path, want := range map[string]string{
		"doc_exmpl.ko": "doc_exmpl", "/lib/modules/x/doc-exmpl.ko": "doc_exmpl", "./a/b.ko.xz": "b", "c": "c",
	} {
		if got := moduleName(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestServiceLoadsOnce: what cannot be done a second time is refused.
func TestServiceLoadsOnce(t *testing.T) {
	s, err := newService()
	if err != nil {
		t.Fatal(err)
	}
	defer s.kernel.Close()
	for _, step := range []struct {
		name string
		do   func() error
		want error
	}{
		{"load", s.load, netlink.EEXIST}, {"unload", s.unload, nil}, {"unload", s.unload, netlink.ENOENT},
		{"trigger", s.trigger, netlink.ENOENT}, {"load", s.load, nil},
	} {
		if err := step.do(); err != step.want {
			t.Errorf("%s: %v, want %v", step.name, err, step.want)
		}
	}
}
