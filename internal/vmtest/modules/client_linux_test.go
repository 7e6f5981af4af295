package modules

import (
	"context"
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// What the notes' family has, and says.
const (
	familyName  = "DOC_EXMPL"
	groupName   = "DOC_EXMPL_GRP"
	cmdEcho     = 1
	attrMsg     = 1
	userText    = "Hello World from user space!"
	kernelText  = "Hello from kernel space!!!"
	triggerFile = "/sys/kernel/genl_test/genl_trigger"
)

// patience bounds a wait for what is on its way already.
const patience = 5 * time.Second

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func dial(t testing.TB, o *netlink.Options) *genetlink.Conn {
	t.Helper()
	c, err := genetlink.Dial(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func family(t testing.TB, c *genetlink.Conn, name string) *genetlink.Family {
	t.Helper()
	f, err := c.Family(within(t), name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// echo sends the text of the notes and returns the reply's.
func echo(ctx context.Context, c *genetlink.Conn) (reply string, err error) {
	_, err = c.Do(ctx, genetlink.Request{Family: familyName, Cmd: cmdEcho, Attrs: func(b *wire.Builder) { b.Text(attrMsg, userText) }},
		func(m genetlink.Message) error {
			a, ok := wire.FindAttr(m.Attrs, attrMsg)
			if !ok {
				return errors.New("the reply has no MSG")
			}
			reply = a.Text()
			return nil
		})
	return reply, err
}

// echoMessage is an ECHO by hand.
func echoMessage(t testing.TB, id uint16, flags wire.Flags, text string) wire.Message {
	t.Helper()
	var b wire.Builder
	genetlink.Begin(&b, id, flags, genetlink.Header{Cmd: cmdEcho, Version: 1}, nil)
	if text != "" {
		b.Text(attrMsg, text)
	}
	msg, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

// trigger does what "echo 1 > .../genl_trigger" does.
func trigger(t testing.TB) {
	t.Helper()
	if err := os.WriteFile(triggerFile, []byte("1\n"), 0); err != nil {
		t.Fatal(err)
	}
}

// plainSocket opens a socket without any of the library, as the programs of the
// notes do. It does not wait in receiving.
func plainSocket(t testing.TB, port, groups uint32) (int, error) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_GENERIC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd, unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: port, Groups: groups})
}

// naiveMask is what the programs of the notes bind to: "all" groups.
const naiveMask = 0xffffffff

// receive reads one datagram into a buffer of size bytes; nil if there is none.
func receive(t testing.TB, fd, size int) []byte {
	t.Helper()
	buf := make([]byte, size)
	n, _, err := unix.Recvfrom(fd, buf, 0)
	if errors.Is(err, unix.EAGAIN) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf[:n]
}

func sendTo(t testing.TB, fd int, msg []byte) {
	t.Helper()
	if err := unix.Sendto(fd, msg, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		t.Fatal(err)
	}
}

// nobody is the user without rights.
const nobody = 65534

// asNobody runs f without any right. It is for sockets that are used in f alone:
// f has a thread of its own, which ends with it.
func asNobody(t testing.TB, f func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		defer close(done) // when f has called FailNow, too
		runtime.LockOSThread()
		// Of this thread alone: Go's own functions are for all of them.
		for _, call := range [][4]uintptr{
			{unix.SYS_SETGROUPS}, {unix.SYS_SETRESGID, nobody, nobody, nobody}, {unix.SYS_SETRESUID, nobody, nobody, nobody},
		} {
			if _, _, errno := unix.RawSyscall(call[0], call[1], call[2], call[3]); errno != 0 {
				done <- errno
				return
			}
		}
		f()
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
