package pyynl

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// screen is a writer that tells when something was written.
type screen struct {
	mu    sync.Mutex
	b     bytes.Buffer
	wrote chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestWatch(t *testing.T) {
	k := sim.NewKernel()
	defer k.Close()
	r, err := k.Register(sim.Family{
		Name: "lists", Version: 1, Groups: []sim.Group{{Name: "news"}},
		Ops: []sim.Op{{Cmd: 1, Policy: sim.Policy{3: {Kind: sim.U32}}, Do: func(*sim.Request) error { return nil }}},
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "lists.yaml")
	if err := os.WriteFile(file, []byte(listText), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	out, errOut := &screen{wrote: make(chan struct{}, 1)}, &screen{wrote: make(chan struct{}, 1)}
	done := make(chan int)
	run := func(args ...string) {
		done <- Run(ctx, append([]string{"--spec", file}, args...), &Env{Stdout: out, Stderr: errOut, Options: &netlink.Options{Via: k}})
	}
	go run("--subscribe", "news", "--do", "get", "--json", `{"size": 3}`, "--output-json")
	<-out.wrote // the answer of the do: by then the group is joined
	for _, cmd := range []uint8{3, 77} {
		if err := r.Multicast("news", cmd, func(b *wire.Builder) { b.Uint32(3, 5) }); err != nil {
			t.Fatal(err)
		}
	}
	for strings.Count(out.String(), "\n") < 3 {
		select {
		case <-out.wrote:
		case <-ctx.Done():
			t.Fatalf("only %q", out)
		}
	}
	cancel()
	if status := <-done; status != exitOK {
		t.Errorf("status %d, %s", status, errOut)
	}
	want := `null
{"name": "seen", "msg": {"size": 5}}
{"name": "msg-77", "msg": {"UnknownAttr(3)": "05000000"}}
`
	if out.String() != want {
		t.Errorf("%s\nwant\n%s", out, want)
	}
	// With a duration it ends by itself.
	ctx = t.Context()
	go run("--subscribe", "news", "--duration", "0")
	if status := <-done; status != exitOK {
		t.Errorf("with a duration: status %d, %s", status, errOut)
	}
	go run("--subscribe", "olds")
	if status := <-done; status != exitFailed || !strings.Contains(errOut.String(), `no multicast group "olds"`) {
		t.Errorf("unknown group: status %d, %s", status, errOut)
	}
}
