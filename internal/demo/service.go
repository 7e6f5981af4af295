package demo

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// service is the kernel side of all demos: what the modules of the notes do, as
// handlers on a simulated kernel.
type service struct {
	kernel *sim.Kernel

	// multicast sends from the kernel to a group: the simulated kernel's own
	// function, or another one where the listeners are elsewhere.
	multicast func(p wire.Protocol, group uint32, msg []byte) error

	sent atomic.Int64 // broadcasts of the plain protocol

	mu     sync.Mutex
	family *sim.Registered // nil while the module is unloaded
	logger func(string)
}

// Bounds of what typeBroadcast may ask for.
const (
	maxBroadcasts    = 10000
	maxBroadcastSize = 4096
)

func newService() (*service, error) {
	s := &service{kernel: sim.NewKernel()}
	s.multicast = s.kernel.Multicast
	err := s.kernel.HandleProtocol(PlainProtocol, sim.Protocol{Do: s.plain, UnprivilegedReceive: true})
	if err != nil {
		return nil, err
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	return s, nil
}

// load is what insmod does: the family gets a number.
func (s *service) load() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.family != nil {
		return netlink.EEXIST
	}
	family, err := s.kernel.Register(sim.Family{
		Name:    FamilyName,
		Version: familyVersion,
		Policy:  sim.Policy{attrMsg: {Kind: sim.NulString}},
		MaxAttr: attrMsg,
		Groups:  []sim.Group{{Name: GroupName}},
		Ops:     []sim.Op{{Cmd: cmdEcho, Do: s.echo}},
	})
	if err == nil {
		s.family = family
	}
	return err
}

// unload is what rmmod does.
func (s *service) unload() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.family == nil {
		return netlink.ENOENT
	}
	err := s.family.Unregister()
	s.family = nil
	return err
}

func (s *service) setLogger(f func(string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logger = f
}

func (s *service) log(format string, args ...any) {
	s.mu.Lock()
	f := s.logger
	s.mu.Unlock()
	if f != nil {
		f(fmt.Sprintf(format, args...))
	}
}

// plain handles a message of the plain protocol.
func (s *service) plain(r *sim.Request) error {
	text := cString(r.Data())
	switch r.Header().Type {
	case typeOneWay:
		s.log("one-way message from port %d: %s", r.Port(), text)
		return nil
	case typeTwoWay:
		s.log("message from port %d: %s", r.Port(), text)
		return replyText(r, kernelText)
	case typeCount:
		return replyText(r, strconv.FormatInt(s.sent.Load(), 10))
	case typeBroadcast:
		return s.broadcast(r, text)
	}
	return netlink.EOPNOTSUPP
}

// replyText answers the true sender under the request's type and number.
func replyText(r *sim.Request, text string) error {
	return r.ReplyMessage(r.Header().Type, 0, func(b *wire.Builder) { b.Raw(append([]byte(text), 0)) })
}

func (s *service) broadcast(r *sim.Request, text string) error {
	var n, size int
	if _, err := fmt.Sscanf(text, broadcastFormat, &n, &size); err != nil || n < 1 || n > maxBroadcasts || size < 0 || size > maxBroadcastSize {
		r.SetText("need a text such as \""+broadcastFormat+"\"", maxBroadcasts, maxBroadcastSize)
		return netlink.EINVAL
	}
	s.log("sending %s to group %d", count(n, "broadcast"), PlainGroup)
	for i := 1; i <= n; i++ {
		msg, err := broadcastMessage(i, n, size)
		if err != nil {
			return err
		}
		// That nobody took it is no failure of the sender.
		_ = s.multicast(PlainProtocol, PlainGroup, msg)
		s.sent.Add(1)
	}
	return nil
}

// echo is the doit handler of ECHO.
func (s *service) echo(r *sim.Request) error {
	msg, ok := r.Attr(attrMsg)
	if !ok {
		r.SetMissing(attrMsg, nil)
		return netlink.EINVAL
	}
	s.log("%s: doit, port %d: %s", FamilyName, r.Port(), msg.Text())
	return r.Reply(func(b *wire.Builder) { b.Text(attrMsg, kernelText) })
}

// trigger multicasts the text of the notes to GroupName.
func (s *service) trigger() error {
	s.mu.Lock()
	family := s.family
	s.mu.Unlock()
	if family == nil {
		return netlink.ENOENT // with the module its trigger is gone
	}
	var b wire.Builder
	genetlink.Begin(&b, family.ID(), 0, genetlink.Header{Cmd: cmdEcho, Version: familyVersion}, nil)
	b.Text(attrMsg, kernelText)
	msg, err := b.Bytes()
	if err != nil {
		return err
	}
	s.log("%s: triggered, multicast to %s", FamilyName, GroupName)
	group, _ := family.GroupID(GroupName)
	return s.multicast(wire.Generic, group, msg)
}
