package pyynl

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/replay"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestSmallReceive(t *testing.T) {
	rec, err := replay.Parse([]byte(`{"s": 1, "proto": 0, "dir": "tx", "hex": "1400000012000500010000000000000001020304"}
{"s": 1, "proto": 0, "dir": "rx", "hex": "140000001000000001000000000000000506070814000000100000000100000000000000090a0b0c"}`))
	if err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	tapped := 0
	c, err := netlink.Dial(wire.Route, &netlink.Options{
		Via: &smallReceiver{via: rec.Play(), size: 40, w: &told},
		Tap: func(netlink.Direction, []byte) { tapped++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	req := []byte("\x14\x00\x00\x00\x12\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04")
	if _, err := c.Do(t.Context(), req, nil); err != nil {
		t.Fatal(err)
	}
	want := "Recv: read 40 bytes, 2 messages\n" +
		"   nl_len = 20 (4) nl_flags = 0x0 nl_type = 16\n" +
		"   nl_len = 20 (4) nl_flags = 0x0 nl_type = 16\n" +
		"Recv: read 36 bytes, 1 messages\n" +
		"   nl_len = 36 (20) nl_flags = 0x100 nl_type = 2\n"
	if told.String() != want {
		t.Errorf("%s\nwant\n%s", told.String(), want)
	}
	if tapped != 3 {
		t.Errorf("the tap saw %d datagrams, want 3", tapped)
	}
}
