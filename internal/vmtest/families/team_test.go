//go:build linux

package families_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/team"
)

// Types of a team's options: the kernel's NLA_ numbers, as the attribute has them.
const (
	optionU32    = 3
	optionString = 5
	optionFlag   = 6
)

// setTeam puts two ports under a team, sets options, and reads both back.
func setTeam(t *testing.T, w *world) {
	c := team.New(w.typed(t))
	// The kernel answers a setting with ESRCH where nobody hears the announcement:
	// here the world's listener does.
	index := nl.U32(w.Links["te"])
	set := func(o *team.AttrOption) {
		t.Helper()
		err := c.OptionsSet(t.Context(), &team.OptionsSetRequest{TeamIfIndex: index, ListOption: &team.ItemOption{Option: []*team.AttrOption{o}}})
		if err != nil {
			t.Errorf("%s: %v", o, err)
		}
	}
	set(&team.AttrOption{Name: nl.Some("mode"), Type: nl.U8(optionString), Data: []byte("activebackup\x00")})
	w.shell(t, "ip link add tp0 type dummy", "ip link add tp1 type dummy", "ip link set tp0 master te", "ip link set tp1 master te", "ip link set te up")
	w.Look(t)
	second := w.Links["tp1"]
	number := func(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }
	set(&team.AttrOption{Name: nl.Some("notify_peers_count"), Type: nl.U8(optionU32), Data: number(7)})
	set(&team.AttrOption{Name: nl.Some("activeport"), Type: nl.U8(optionU32), Data: number(second)})
	set(&team.AttrOption{Name: nl.Some("user_linkup_enabled"), Type: nl.U8(optionFlag), Data: []byte{}, PortIfIndex: nl.U32(second)})

	options, err := c.OptionsGet(t.Context(), &team.OptionsGetRequest{TeamIfIndex: index})
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]string{}
	for _, o := range options.ListOption.Option {
		name := o.Name.Value()
		if port, ok := o.PortIfIndex.Get(); ok {
			name = fmt.Sprintf("%s of %d", name, port)
		}
		have[name] = fmt.Sprintf("%x %v", o.Data, o.Data != nil)
	}
	for name, want := range map[string]string{
		"mode":               fmt.Sprintf("%x true", "activebackup\x00"),
		"notify_peers_count": fmt.Sprintf("%x true", number(7)),
		"activeport":         fmt.Sprintf("%x true", number(second)),
		fmt.Sprintf("user_linkup_enabled of %d", second): " true",
	} {
		if have[name] != want {
			t.Errorf("option %s is %q, want %q", name, have[name], want)
		}
	}
	ports, err := c.PortListGet(t.Context(), &team.PortListGetRequest{TeamIfIndex: index})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(ports.ListPort.Port); n != 2 {
		t.Errorf("%d ports, want 2", n)
	}
	t.Logf("%d options and %d ports read back", len(options.ListOption.Option), len(ports.ListPort.Port))
}
