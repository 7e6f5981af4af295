package mirror_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/wire"
)

// nsids is a table of one's own: the ids that a namespace has for others. Numbers are
// those of linux/rtnetlink.h and linux/net_namespace.h.
var nsids = mirror.NewRaw(mirror.Definition{
	Name: "nsid", Protocol: wire.Route,
	Groups: []uint32{28}, Put: []uint16{88}, Delete: []uint16{89},
	Dump: func(mirror.View, mirror.Scope) []mirror.Request {
		return []mirror.Request{{Type: 90, Payload: make([]byte, 4)}}
	},
	HeaderLen: 4, // struct rtgenmsg
	Key: func(dst, value []byte) []byte {
		id, _ := wire.FindAttr(value[4:], 1) // NETNSA_NSID
		return append(dst, id.Data()...)
	},
})

// A table that this package does not have, in ten lines.
func ExampleNewRaw() {
	m, err := mirror.Open(context.Background(), nsids)
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	for r := range nsids.All(m.Snapshot()) {
		fmt.Println(hex.EncodeToString(r.Key))
	}
}
