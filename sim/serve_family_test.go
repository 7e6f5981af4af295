package sim

import (
	"encoding/binary"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// The family of these tests, as a generated package would have it: a harbour. It
// is served as a family of generic netlink, with a header of its own, and as a
// raw one.

// ship is the attribute set; every message is one.
type ship struct {
	Header struct {
		Berth uint32 `nl:",berth,u32"`
	} `nl:"header"`
	nl.Extra
	ID    nl.Opt[uint32]               `nl:"1,id,u32"`
	Name  nl.Opt[string]               `nl:"2,name,string"`
	Cargo *cargo                       `nl:"3,cargo,nest"`
	Crew  []*cargo                     `nl:"4,crew,nest,multi"`
	Holds []nl.Indexed[*cargo]         `nl:"5,holds,indexed-array"`
	Flag  bool                         `nl:"6,flag,flag"`
	Port  nl.Opt[uint16]               `nl:"7,port,u16be"`
	Marks nl.Opt[wire.Bitfield32]      `nl:"9,marks,bitfield32"`
	Log   []byte                       `nl:"10,log,binary"`
	Tons  nl.Opt[uint64]               `nl:"11,tons,uint"`
	Codes []nl.Indexed[nl.Opt[uint32]] `nl:"12,codes,indexed-array,sub=u32"`
	Kind  nl.Opt[uint64]               `nl:"13,kind,u64be"`
	Raw   []byte                       `nl:"14,raw,nest"`
	raw   bool                         // of the raw family
}

// cargo lies in itself.
type cargo struct {
	nl.Extra
	Weight nl.Opt[uint32] `nl:"1,weight,u32"`
	In     *cargo         `nl:"2,in,nest"`
}

func (c *cargo) put(b *wire.Builder, typ uint16) {
	if c == nil {
		return
	}
	nest := b.Nest(typ)
	nl.PutU32(b, 1, c.Weight)
	c.In.put(b, 2)
	nl.PutExtra(b, &c.Extra)
	b.End(nest)
}

func newCargo(d *nl.Decoder, p []byte) *cargo {
	c := new(cargo)
	for {
		a, rest, ok := nl.Cut(p)
		switch {
		case !ok:
			return c
		case a.Type() == 1 && nl.GetU32(&c.Weight, a.Data()):
		case a.Type() == 2:
			c.In = newCargo(d, a.Data())
		default:
			nl.Keep(d, &c.Extra, a)
		}
		p = rest
	}
}

func (s *ship) AppendNetlink(b *wire.Builder) {
	b.Raw(binary.NativeEndian.AppendUint32(nil, s.Header.Berth))
	nl.PutU32(b, 1, s.ID)
	nl.PutText(b, 2, s.Name)
	s.Cargo.put(b, 3)
	for _, c := range s.Crew {
		c.put(b, 4)
	}
	if s.Holds != nil {
		nest := b.Nest(5)
		for _, h := range s.Holds {
			h.Value.put(b, h.Index)
		}
		b.End(nest)
	}
	nl.PutFlag(b, 6, s.Flag)
	nl.PutU16BE(b, 7, s.Port)
	if len(s.Log) > 0 {
		b.Attr(10, s.Log)
	}
	nl.PutExtra(b, &s.Extra)
}

func (s *ship) DecodeNetlink(d *nl.Decoder, p []byte) {
	*s = ship{raw: s.raw}
	head, p := nl.Head(d, &s.Extra, p, 4)
	s.Header.Berth = binary.NativeEndian.Uint32(head)
	for {
		a, rest, ok := nl.Cut(p)
		v := a.Data()
		switch {
		case !ok:
			return
		case a.Type() == 1 && nl.GetU32(&s.ID, v), a.Type() == 2 && nl.GetText(d, &s.Name, v):
		case a.Type() == 3:
			s.Cargo = newCargo(d, v)
		case a.Type() == 4:
			s.Crew = append(s.Crew, newCargo(d, v))
		case a.Type() == 5:
			for e, err := range wire.Attrs(v) {
				if err == nil {
					s.Holds = append(s.Holds, nl.Indexed[*cargo]{Index: e.Type(), Value: newCargo(d, e.Data())})
				}
			}
		case a.Type() == 6 && nl.GetFlag(&s.Flag, v), a.Type() == 7 && nl.GetU16BE(&s.Port, v):
		default:
			nl.Keep(d, &s.Extra, a)
		}
		p = rest
	}
}

func (s *ship) Own()              { nl.OwnExtra(&s.Extra) }
func (s *ship) Check() error      { return nil }
func (s *ship) NetlinkID() uint16 { return cmdShip }

// The requests.
type (
	shipGet  struct{ ship }
	shipDump struct{ ship }
	shipSet  struct{ ship }
)

// Numbers: get is of the kind that only reads, as NETLINK_ROUTE counts them.
const (
	cmdShip    = 16
	cmdShipGet = 18
	cmdShipSet = 19
)

// harbour is the generated package's part of a harbour: its family, and its
// operations.
type harbour struct {
	family         *nl.Family
	get, list, set *nl.Op
}

func (s *shipGet) NetlinkOp() *nl.Op  { return pick(s.raw).get }
func (s *shipDump) NetlinkOp() *nl.Op { return pick(s.raw).list }
func (s *shipSet) NetlinkOp() *nl.Op  { return pick(s.raw).set }

func pick(raw bool) *harbour {
	if raw {
		return rawHarbour
	}
	return genHarbour
}

var genHarbour, rawHarbour = newHarbour(wire.Generic), newHarbour(harbourProtocol)

// harbourProtocol is a protocol nobody else has.
const harbourProtocol wire.Protocol = 27

func newHarbour(p wire.Protocol) *harbour {
	raw := p != wire.Generic
	f := &nl.Family{Name: "harbour", Protocol: p, Version: 3, Groups: []nl.GroupInfo{{Name: "ships", ID: 40}}}
	h := &harbour{
		family: f,
		get:    &nl.Op{Family: f, Name: "get", ID: cmdShipGet, ReplyID: cmdShip},
		list:   &nl.Op{Family: f, Name: "get", ID: cmdShipGet, ReplyID: cmdShip, Dump: true},
		set:    &nl.Op{Family: f, Name: "set", ID: cmdShipSet, AdminPerm: true},
	}
	h.get.New = func() nl.Request { return &shipGet{ship{raw: raw}} }
	h.list.New = func() nl.Request { return &shipDump{ship{raw: raw}} }
	h.set.New = func() nl.Request { return &shipSet{ship{raw: raw}} }
	f.Ops = []*nl.Op{h.get, h.list, h.set}
	return h
}

// harbourServer is what the generated package would ask for.
type harbourServer interface {
	Get(call *nl.Incoming, req *shipGet) (*ship, error)
	List(call *nl.Incoming, req *shipDump) iter.Seq2[*ship, error]
	Set(call *nl.Incoming, req *shipSet) error
}

// noHarbour answers nothing.
type noHarbour struct{}

func (noHarbour) Get(*nl.Incoming, *shipGet) (*ship, error)            { return nil, nl.ErrUnsupported }
func (noHarbour) List(*nl.Incoming, *shipDump) iter.Seq2[*ship, error] { return nil }
func (noHarbour) Set(*nl.Incoming, *shipSet) error                     { return nl.ErrUnsupported }

func (h *harbour) service(s harbourServer) *nl.Service {
	return &nl.Service{Family: h.family, Handlers: []nl.Handler{
		nl.HandleDo(h.get, s.Get), nl.HandleDump(h.list, s.List), nl.HandleAck(h.set, s.Set),
	}}
}

// port is a harbour with ships.
type port struct {
	served *Served
	raw    bool

	mu    sync.Mutex
	ships map[uint32]string
	kept  []*shipSet // the requests, to see that they are the handler's own
}

// manyShips asks for several replies.
const manyShips = 1000

func newPort(raw bool) *port {
	return &port{raw: raw, ships: map[uint32]string{1: "Ark", 2: "Beagle", 3: "Calypso"}}
}

func (p *port) ship(id uint32) *ship {
	return &ship{raw: p.raw, ID: nl.Some(id), Name: nl.Some(p.ships[id])}
}

func (p *port) Get(call *nl.Incoming, req *shipGet) (*ship, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, ok := req.ID.Get()
	switch _, known := p.ships[id]; {
	case call.Context().Err() != nil || call.Port() == 0:
		return nil, netlink.ESRCH
	case !ok:
		return nil, call.Missing(".id")
	case id == manyShips:
		for id := range uint32(3) {
			if err := call.Reply(p.ship(id)); err != nil {
				return nil, err
			}
		}
	case !known:
		return nil, call.Refuse(netlink.ENOENT, ".id", "no such ship")
	}
	return p.ship(id), nil
}

func (p *port) List(call *nl.Incoming, req *shipDump) iter.Seq2[*ship, error] {
	p.mu.Lock()
	ids := slices.Sorted(maps.Keys(p.ships))
	p.mu.Unlock()
	return func(yield func(*ship, error) bool) {
		for _, id := range ids {
			p.mu.Lock()
			s := p.ship(id)
			p.mu.Unlock()
			s.Log = make([]byte, req.Port.Value())
			if !yield(s, nil) {
				return
			}
		}
		if req.Flag {
			yield(nil, call.Refuse(netlink.EIO, ".flag", "that was all"))
		}
	}
}

func (p *port) Set(call *nl.Incoming, req *shipSet) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = append(p.kept, req)
	if req.Cargo != nil && req.Cargo.Weight.Value() > 100 {
		return call.Refuse(netlink.ERANGE, ".cargo.weight", "too heavy")
	}
	id := req.ID.Value()
	p.ships[id] = req.Name.Value()
	if call.Has(nl.Create) {
		call.Warn("a ship was built")
	}
	if err := call.Echo(p.ship(id)); err != nil {
		return err
	}
	return p.served.Notify("ships", p.ship(id))
}
