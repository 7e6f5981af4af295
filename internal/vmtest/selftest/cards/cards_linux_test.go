//nlkit:vm
//nlkit:kernels 6.12
//nlkit:cards virtio-net-pci e1000e
//nlkit:modules virtio_pci virtio_net e1000e
package cards

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/vmtest"
)

// TestCards sends a frame from one card to the other: both have their interrupts.
func TestCards(t *testing.T) {
	vm := vmtest.Need(t)
	for _, name := range []string{"virtio_pci", "virtio_net", "e1000e"} {
		if err := vm.Insmod(name); err != nil {
			t.Fatal(err)
		}
	}
	cards := map[string]*net.Interface{}
	links, err := filepath.Glob("/sys/class/net/*/device/driver")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		driver, err := os.Readlink(link)
		if err != nil {
			t.Fatal(err)
		}
		i, err := net.InterfaceByName(filepath.Base(filepath.Dir(filepath.Dir(link))))
		if err != nil {
			t.Fatal(err)
		}
		cards[filepath.Base(driver)] = i
		up(t, i.Name)
	}
	a, b := cards["virtio_net"], cards["e1000e"]
	if a == nil || b == nil {
		t.Fatalf("cards by driver: %v; the log:\n%s", cards, vm.Dmesg())
	}
	pass(t, a, b)
	pass(t, b, a)
}

func up(t *testing.T, name string) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq(name)
	if err != nil {
		t.Fatal(err)
	}
	request.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request); err != nil {
		t.Fatal(err)
	}
}

// etherType is one that is free for experiments, in the order of the wire.
const etherType = 0xb588

func packetSocket(t *testing.T, i *net.Interface) int {
	t.Helper()
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, etherType)
	if err == nil {
		t.Cleanup(func() { unix.Close(fd) })
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: etherType, Ifindex: i.Index})
	}
	if err == nil {
		err = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 100_000})
	}
	if err != nil {
		t.Fatal(err)
	}
	return fd
}

// pass sends frames until one arrives: a card that was just set up has no link
// for a while.
func pass(t *testing.T, from, to *net.Interface) {
	t.Helper()
	out, in := packetSocket(t, from), packetSocket(t, to)
	frame := bytes.Join([][]byte{to.HardwareAddr, from.HardwareAddr, {0x88, 0xb5}, bytes.Repeat([]byte{7}, 50)}, nil)
	buf := make([]byte, 2048)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if _, err := unix.Write(out, frame); err != nil && err != unix.ENETDOWN {
			t.Fatal(err)
		}
		n, err := unix.Read(in, buf)
		if err == nil && bytes.Equal(buf[:n], frame) {
			return
		}
	}
	t.Errorf("no frame has come from %s to %s", from.Name, to.Name)
}
