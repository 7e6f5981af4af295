package vmtest

import (
	"strings"
	"testing"
)

func TestMachineArgs(t *testing.T) {
	m := &machine{kernel: "k", initramfs: "i", memory: 700}
	plain := strings.Join(m.args(), " ")
	for _, want := range []string{"-accel tcg ", "-machine pc ", "-smp 1 ", "-m 700M ", "-no-reboot", " pci=off", "panic=-1"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is missing in %s", want, plain)
		}
	}
	m.cards = []string{"e1000e", "virtio-net-pci"}
	cards := strings.Join(m.args(), " ")
	if strings.Contains(cards, "pci=off") || strings.Count(cards, "hubid=0") != 2 || !strings.Contains(cards, "-device virtio-net-pci,netdev=n1,") {
		t.Errorf("with cards: %s", cards)
	}
	if strings.Contains(plain+cards, "kvm") {
		t.Error("with KVM some machines hang for ever")
	}
}

func TestTail(t *testing.T) {
	log := &tail{limit: 5}
	for _, s := range []string{"abc", "", "defg", "h"} {
		if n, err := log.Write([]byte(s)); n != len(s) || err != nil {
			t.Errorf("%q: %d, %v", s, n, err)
		}
	}
	if log.String() != "defgh" {
		t.Errorf("%q is kept", log.String())
	}
}

func TestLines(t *testing.T) {
	if got := lastLines("a\nb\nc\n\n", 2); got != "b\nc" {
		t.Errorf("last lines: %q", got)
	}
	if got := lastLines("a", 2); got != "a" {
		t.Errorf("last lines: %q", got)
	}
	got := warningsOf("x.c:1: warning: unused\nmake: all is well\nWARNING: modpost: missing\n" +
		"warning: the compiler differs from the one used to build the kernel\nwarning: pahole version differs from the one used to build the kernel\n")
	if strings.Join(got, "|") != "x.c:1: warning: unused|WARNING: modpost: missing" {
		t.Errorf("warnings: %q", got)
	}
}
