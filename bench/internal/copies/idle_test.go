//go:build linux

package copies

import "testing"

func TestQueuedBytes(t *testing.T) {
	const head = "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
	const line = "000000001 0   811        00000440 "
	for text, want := range map[string]uint64{
		head: 0,
		head + line + "0 0 0 2 0 1\n" + line + "0 0 0 2 0 1\n":      0,
		head + "000000001 0   811        00000000 832 0 0 2 0 1\n":  0,
		head + line + "832 0 0 2 0 1\n" + line + "1000 0 0 2 0 1\n": 1832,
	} {
		if n, err := queuedBytes(text); err != nil || n != want {
			t.Errorf("%q: %d, error %v, want %d", text, n, err, want)
		}
	}
	for _, text := range []string{"", "other columns than these are\n", head + line + "many 0\n", head + "short\n"} {
		if n, err := queuedBytes(text); err == nil {
			t.Errorf("%q: %d", text, n)
		}
	}
}

func TestThreadState(t *testing.T) {
	for text, want := range map[string]byte{"1 (a) S 2": 'S', "1 (a) R) R 2": 'R', "": 0, "1 (a) ": 0} {
		if s := threadState(text); s != want {
			t.Errorf("%q: %q, want %q", text, s, want)
		}
	}
}
