//go:build linux

package main

import (
	"encoding/binary"
	"fmt"

	mdlayher "github.com/mdlayher/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

const walkCaseName = "walk attributes"

// walkAttrs is how many attributes the walked payload has: what a link of a
// current kernel has.
const walkAttrs = 39

// linkAttrs returns the attributes of a link, without the fixed header: as many
// and about as long as the kernel sends.
func linkAttrs() []byte {
	var b wire.Builder
	b.Text(unix.IFLA_IFNAME, "enp0s31f6")
	b.Uint32(unix.IFLA_MTU, 1500)
	b.Uint8(unix.IFLA_OPERSTATE, 6)
	b.Attr(unix.IFLA_ADDRESS, []byte{2, 0, 0, 0, 0, 1})
	b.Attr(unix.IFLA_BROADCAST, []byte{255, 255, 255, 255, 255, 255})
	b.Text(unix.IFLA_QDISC, "fq_codel")
	b.Attr(unix.IFLA_MAP, make([]byte, 32))
	b.Attr(unix.IFLA_STATS64, make([]byte, 200))
	b.Attr(unix.IFLA_STATS, make([]byte, 100))
	b.Attr(unix.IFLA_AF_SPEC|wire.AttrNested, make([]byte, 780))
	for i := uint16(0); i < walkAttrs-10; i++ {
		b.Uint32(64+i, uint32(i))
	}
	p, err := b.Bytes()
	if err != nil {
		panic(err) // the values above are fixed
	}
	return p
}

// linkFacts is what a walk looks for.
type linkFacts struct {
	name  int // its length
	mtu   uint32
	state uint8
}

var walked linkFacts

// walkCase: from a link's attributes to three of their values.
func walkCase() *Case {
	payload := linkAttrs()
	want := linkFacts{name: len("enp0s31f6"), mtu: 1500, state: 6}
	walkers := func(walk func([]byte) (linkFacts, error)) func() func() error {
		return func() func() error {
			return func() error {
				var err error
				if walked, err = walk(payload); err == nil && walked != want {
					err = fmt.Errorf("read %v, want %v", walked, want)
				}
				return err
			}
		}
	}
	return &Case{
		Name: walkCaseName, Op: fmt.Sprintf("3 values out of %d attributes", walkAttrs),
		Reference: nlkitName, Yardstick: handName,
		Candidates: []Candidate{
			pure(nlkitName, walkers(walkWire)),
			pure(handName, walkers(walkHand)),
			pure(mdlayherName+", decoder", walkers(walkMdlayherDecoder)),
			pure(mdlayherName+", list", walkers(walkMdlayherList)),
			pure(vishName, walkers(walkVishvananda)),
		},
	}
}

func walkWire(b []byte) (f linkFacts, err error) {
	for a, err := range wire.Attrs(b) {
		if err != nil {
			return f, err
		}
		switch a.Type() {
		case unix.IFLA_IFNAME:
			f.name = len(a.TextBytes())
		case unix.IFLA_MTU:
			if f.mtu, err = a.Uint32(); err != nil {
				return f, err
			}
		case unix.IFLA_OPERSTATE:
			if f.state, err = a.Uint8(); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

func walkHand(b []byte) (f linkFacts, err error) {
	for len(b) >= unix.SizeofRtAttr {
		n := int(binary.NativeEndian.Uint16(b))
		if n < unix.SizeofRtAttr || n > len(b) {
			return f, fmt.Errorf("malformed attribute of length %d", n)
		}
		v := b[unix.SizeofRtAttr:n]
		switch binary.NativeEndian.Uint16(b[2:]) & wire.AttrTypeMask {
		case unix.IFLA_IFNAME:
			f.name = len(v) - 1
		case unix.IFLA_MTU:
			if len(v) >= 4 {
				f.mtu = binary.NativeEndian.Uint32(v)
			}
		case unix.IFLA_OPERSTATE:
			if len(v) >= 1 {
				f.state = v[0]
			}
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return f, nil
}

func walkMdlayherDecoder(b []byte) (f linkFacts, err error) {
	ad, err := mdlayher.NewAttributeDecoder(b)
	if err != nil {
		return f, err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.IFLA_IFNAME:
			f.name = len(ad.String())
		case unix.IFLA_MTU:
			f.mtu = ad.Uint32()
		case unix.IFLA_OPERSTATE:
			f.state = ad.Uint8()
		}
	}
	return f, ad.Err()
}

func walkMdlayherList(b []byte) (f linkFacts, err error) {
	attrs, err := mdlayher.UnmarshalAttributes(b)
	if err != nil {
		return f, err
	}
	for _, a := range attrs {
		switch a.Type {
		case unix.IFLA_IFNAME:
			f.name = len(a.Data) - 1
		case unix.IFLA_MTU:
			f.mtu = binary.NativeEndian.Uint32(a.Data)
		case unix.IFLA_OPERSTATE:
			f.state = a.Data[0]
		}
	}
	return f, nil
}

func walkVishvananda(b []byte) (f linkFacts, err error) {
	attrs, err := nl.ParseRouteAttr(b)
	if err != nil {
		return f, err
	}
	for _, a := range attrs {
		switch a.Attr.Type {
		case unix.IFLA_IFNAME:
			f.name = len(a.Value) - 1
		case unix.IFLA_MTU:
			f.mtu = binary.NativeEndian.Uint32(a.Value)
		case unix.IFLA_OPERSTATE:
			f.state = a.Value[0]
		}
	}
	return f, nil
}
