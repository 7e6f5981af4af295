package mirror

import (
	"testing"
	"time"
)

func TestTableNFT(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va type veth peer name vb")
	s.can("nft", "nft add table ip x && nft delete table ip x")
	s.sh("nft add table inet t && nft 'add chain inet t c { type filter hook input priority 0; }' && nft add rule inet t c tcp dport 22 counter accept")
	m := s.open(s.options(), NFTTables, NFTChains, NFTRules, NFTSets, NFTElements, NFTObjects, NFTFlowtables, NFTGeneration)
	first, ok := GenerationOf(m.Snapshot())
	if !ok {
		t.Fatal("no generation")
	}
	s.steps(m, []*Definition{NFTTables.def, NFTChains.def, NFTRules.def, NFTSets.def, NFTElements.def, NFTObjects.def, NFTFlowtables.def, NFTGeneration.def},
		"nft add table netdev n",
		"nft add rule inet t c tcp dport 23 drop",
		"nft insert rule inet t c tcp dport 24 drop",
		"nft add rule inet t c index 0 tcp dport 25 drop",
		"nft add chain inet t d",
		"nft add rule inet t c tcp dport 80-90 jump d",
		"nft 'add rule inet t d tcp dport { 1, 2, 3 } accept'",
		"nft 'add rule inet t d quota over 10 mbytes drop' && nft add rule inet t d limit rate 3/second accept",
		"nft 'add set inet t s { type ipv4_addr; flags timeout; }'",
		"nft 'add element inet t s { 10.0.0.1, 10.0.0.2 timeout 1h }'",
		"nft 'add set inet t r { type ipv4_addr; flags interval; }' && nft 'add element inet t r { 10.0.0.0/8, 192.168.0.0/16 }'",
		"nft 'add map inet t m { type inet_service : verdict; }' && nft 'add element inet t m { 80 : accept, 81 : jump d }'",
		"nft 'delete element inet t s { 10.0.0.1 }'",
		"nft flush set inet t r",
		"nft 'add counter inet t k' && nft add rule inet t d counter name k",
		"nft 'add quota inet t q { over 3 mbytes }'",
		"nft 'add chain netdev n g { type filter hook ingress device va priority 0; }'",
		"nft rename chain inet t d e",
		"nft 'add chain inet t c { policy drop; }'",
		"nft -a list chain inet t c && nft replace rule inet t c handle $(nft -a list chain inet t c | sed -n 's/.*dport 23.*handle //p') tcp dport 33 drop",
		"nft flush chain inet t e",
		"nft delete set inet t r",
		"bash -c 'for i in 1 2 3 4 5 6 7 8 9; do echo add rule inet t e tcp dport $i accept; done' | nft -f -",
		"ip link del va",
		"nft add table ip y && nft add chain ip y z && nft add rule ip y z drop",
		"nft delete table inet t",
		"nft flush ruleset",
	)
	if last, _ := GenerationOf(s.settled(m)); last == first {
		t.Error("the generation is still", last)
	}
}

func TestTableConntrack(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up")
	s.can("conntrack", "conntrack -L")
	s.sh("nft add table ip t && nft 'add chain ip t c { type filter hook output priority 0; }' && nft add rule ip t c ct state new accept")
	s.sh("conntrack -I -p tcp -s 10.0.0.9 -d 10.0.0.2 --sport 1000 --dport 2000 --state ESTABLISHED -t 1000")
	polled := Conntrack.Poll(200 * time.Millisecond) // the first connection has no events
	m := s.open(s.options(), polled)
	s.steps(m, []*Definition{polled.def},
		"conntrack -I -p udp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 2000 -t 1000",
		"conntrack -U -p udp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 2000 --mark 7",
		"conntrack -U -p udp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 2000 --mark 0",
		"conntrack -I -p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 2000 --state SYN_SENT -t 1000 --mark 3",
		"conntrack -U -p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 2000 --state ESTABLISHED",
		"conntrack -U -p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 2000 --status ASSURED",
		"conntrack -I -p udp -s fd00::1 -d fd00::2 --sport 1000 --dport 2000 -t 1000 -w 5",
		"bash -c 'echo x > /dev/udp/127.0.0.1/9'",
		"bash -c 'echo x > /dev/udp/127.0.0.1/9; true'",
		"conntrack -D -p udp -s 10.0.0.1",
		"conntrack -F",
	)
}
