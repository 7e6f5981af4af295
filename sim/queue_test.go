package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/nlkit/nlkit/netlink"
)

// TestCharge holds what Linux 6.18 on x86-64 was seen to count.
func TestCharge(t *testing.T) {
	tests := []struct{ size, made, unicast int }{
		{1, 832, 832}, {256, 832, 832}, {257, 1280, 1280}, {704, 1280, 1280}, {705, 2304, 2304},
		{1728, 2304, 2304}, {1729, 4352, 4352}, {3776, 4352, 4352}, {3777, 8448, 4416},
		{3840, 8448, 4416}, {3841, 8448, 4480}, {7872, 8448, 8448}, {7873, 16640, 8512},
		{16064, 16640, 16640}, {16065, 33024, 16704}, {32448, 33024, 33024}, {32449, 65792, 33088},
	}
	for _, tt := range tests {
		if got := charge(tt.size); got != tt.made {
			t.Errorf("charge(%d) = %d, want %d", tt.size, got, tt.made)
		}
		if got := chargeUnicast(tt.size); got != tt.unicast {
			t.Errorf("chargeUnicast(%d) = %d, want %d", tt.size, got, tt.unicast)
		}
	}
}

func TestBufferSize(t *testing.T) {
	tests := []struct {
		asked int
		admin bool
		want  int
	}{
		{0, true, 212992}, {1, true, 2304}, {1152, true, 2304}, {1153, true, 2306}, {4096, true, 8192},
		{8 << 20, true, 16 << 20}, {8 << 20, false, 2 * 212992}, {1<<31 - 1, true, 1<<31 - 2},
	}
	for _, tt := range tests {
		if got := bufferSize(tt.asked, minReceive, tt.admin); got != tt.want {
			t.Errorf("bufferSize(%d, admin %v) = %d, want %d", tt.asked, tt.admin, got, tt.want)
		}
	}
}

// TestQueueRing compares the ring with a plain slice.
func TestQueueRing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	q := queue{limit: 1 << 30}
	var model []uint32
	used := 0
	for i := range uint32(20000) {
		if len(model) > 0 && rng.IntN(20) < 10 {
			d := q.pop()
			if d.port != model[0] {
				t.Fatalf("step %d: got %d, want %d", i, d.port, model[0])
			}
			model, used = model[1:], used-d.charge
		} else {
			c := 1 + rng.IntN(100)
			q.push(datagram{port: i, charge: c})
			model, used = append(model, i), used+c
		}
		if q.count != len(model) || q.used != used {
			t.Fatalf("step %d: %d datagrams of %d, want %d of %d", i, q.count, q.used, len(model), used)
		}
	}
}

func TestQueueEpisode(t *testing.T) {
	q := queue{limit: 2000}
	push := func() bool {
		if q.fits(832) {
			q.push(datagram{charge: 832})
			return true
		}
		q.overrun()
		return false
	}
	for i, want := range []bool{true, true, false, false} {
		if got := push(); got != want {
			t.Fatalf("datagram %d: accepted %v, want %v", i, got, want)
		}
	}
	if q.err != netlink.ENOBUFS || q.drops != 2 {
		t.Fatalf("error %v, drops %d, want ENOBUFS and 2", q.err, q.drops)
	}
	q.err = 0
	q.pop()
	q.read()
	if push() || q.err != 0 {
		t.Error("the queue took one before it was empty, or told a second time")
	}
	q.pop()
	q.read()
	if !push() || q.drops != 3 {
		t.Errorf("an empty queue must take one; drops %d, want 3", q.drops)
	}
}
