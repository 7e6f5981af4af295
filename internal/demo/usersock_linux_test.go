package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// startServer runs the kernel side in a goroutine of this process and returns
// the port ids it serves.
func startServer(t *testing.T) map[wire.Protocol]uint32 {
	t.Helper()
	sv, err := newServer(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{}, len(sv.sockets))
	ports := map[wire.Protocol]uint32{}
	for p, s := range sv.sockets {
		ports[p] = s.Port()
		go func() {
			sv.serve(t.Context(), p, s)
			done <- struct{}{}
		}()
	}
	t.Cleanup(func() {
		sv.close()
		for range ports {
			<-done
		}
	})
	return ports
}

// TestUserSockSender: only the configured peer is believed, whoever else sends.
func TestUserSockSender(t *testing.T) {
	ports := startServer(t)
	tr, err := netlink.Open(PlainProtocol, &netlink.Options{Via: userSock{peers: ports}})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if tr.Protocol() != PlainProtocol {
		t.Errorf("protocol %v, want the one asked for", tr.Protocol())
	}
	stranger, err := netlink.Open(wire.UserSock, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	forged, err := plain(typeTwoWay, "forged")
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Send(forged, netlink.Address{Port: tr.Port()}); err != nil {
		t.Fatal(err)
	}
	req, err := plain(typeTwoWay, userText)
	if err != nil {
		t.Fatal(err)
	}
	// A claim to be somebody else must not turn the reply away.
	wire.Message(req).SetPort(stranger.Port())
	if err := tr.Send(req, netlink.Address{}); err != nil {
		t.Fatal(err)
	}
	if err := tr.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	d, err := tr.Receive(buf, true)
	if err != nil {
		t.Fatal(err)
	}
	m := wire.Message(buf[:d.N])
	if got := payload(m); got != kernelText || d.Port != 0 || m.Port() != tr.Port() {
		t.Errorf("received %q from %d for port %d; want the reply, as from the kernel, for port %d", got, d.Port, m.Port(), tr.Port())
	}
	if _, err := (userSock{peers: ports}).Open(wire.Route, &netlink.Options{}); !errors.Is(err, netlink.EPROTONOSUPPORT) {
		t.Errorf("a protocol nobody serves: %v, want EPROTONOSUPPORT", err)
	}
}

// TestUserSockGarbage: nothing a stranger sends ends the server.
func TestUserSockGarbage(t *testing.T) {
	ports := startServer(t)
	s, err := netlink.Open(wire.UserSock, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, garbage := range [][]byte{{0}, make([]byte, 15), make([]byte, 16), []byte(strings.Repeat("\xff", 4096)), make([]byte, 70000)} {
		for _, p := range ports {
			if err := s.Send(garbage, netlink.Address{Port: p}); err != nil && !errors.Is(err, netlink.EAGAIN) {
				t.Fatal(err)
			}
		}
	}
	c, err := netlink.Dial(PlainProtocol, &netlink.Options{Via: userSock{peers: ports}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if reply, err := ask(t.Context(), c, typeTwoWay, userText); err != nil || reply != kernelText {
		t.Errorf("after garbage: %q, %v", reply, err)
	}
}

// testCommand is what the test binary does when it is started as the kernel
// side.
const testCommand = "NLKIT_TEST_SERVE"

func init() {
	if os.Getenv(testCommand) != "" {
		if err := ServeUserSock(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
}

func TestUserSockProcess(t *testing.T) {
	t.Setenv(testCommand, "1")
	side, err := NewUserSock(t.Context(), Command{Stderr: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer side.Close()
	// Needs no right.
	events := runOn(t, side, Options{Demos: []string{"request"}})
	if n := len(find(events, func(e Event) bool { return e.Kind == Log && strings.Contains(e.Text, userText) })); n != 1 {
		t.Errorf("the handler logged the text %d times", n)
	}
	if n := len(find(events, func(e Event) bool { return e.Kind == Output && e.Text == "get: "+kernelText })); n != 1 {
		t.Errorf("the reply was printed %d times", n)
	}
	probe, err := netlink.Open(wire.UserSock, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer probe.Close()
	if err := probe.Join(PlainGroup); err != nil {
		testenv.Missing(t, "root", "joining a group of NETLINK_USERSOCK: "+err.Error())
	}
	events = runOn(t, side, Options{Demos: []string{"unicast", "multicast"}, Listeners: 3})
	if n := len(find(events, func(e Event) bool { return e.Kind == Output && e.Text == kernelText })); n != 3 {
		t.Errorf("%d listeners printed the text, want 3", n)
	}
	// On a real socket the queue overflows as it does on the simulated one.
	checkOverflow(t, runOn(t, side, Options{Demos: []string{"overflow"}}))
}

func TestUserSockProcessFails(t *testing.T) {
	if _, err := NewUserSock(t.Context(), Command{Path: "/nonexistent"}); err == nil {
		t.Error("a program that does not exist was started")
	}
	if _, err := NewUserSock(t.Context(), Command{Path: "/bin/true"}); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("a program that ends at once: %v", err)
	}
}

// TestServeEnds: the process ends with its input.
func TestServeEnds(t *testing.T) {
	in, other := net.Pipe()
	done := make(chan error, 1)
	var out bytes.Buffer
	go func() { done <- ServeUserSock(t.Context(), in, &out) }()
	if _, err := other.Write([]byte("nonsense\nsettle\nsettle 0\nsettle x\ndance 3\nsettle 11\ntrigger 12\n")); err != nil {
		t.Fatal(err)
	}
	other.Close()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("still running")
	}
	in.Close()
	var answers []uint64
	for text := range strings.Lines(out.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		if l.Number != helloNumber {
			answers = append(answers, l.Number)
		}
		if l.Error != "" {
			t.Errorf("command %d: %s", l.Number, l.Error)
		}
	}
	if !slices.Equal(answers, []uint64{11, 12}) {
		t.Errorf("answers to the commands %v, want 11 and 12", answers)
	}
}

// TestSettleMark: what an earlier settle has left behind is not what this one
// waits for.
func TestSettleMark(t *testing.T) {
	sv, err := newServer(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer sv.close()
	sv.settled <- fmt.Sprintf("1 %d", PlainProtocol)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	// Nobody reads the sockets.
	if err := sv.settle(ctx, "2"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("settled with %v, want no end", err)
	}
}
