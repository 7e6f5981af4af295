//go:build linux

package scene

import (
	"os"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// ask is how an operation is asked for.
type ask struct {
	// attrs are the requests, in JSON. A word with a dollar is the index of the
	// link of that name, ${0x10000} a number. A request with $LINK is made for
	// each link, one with $FAMILY for each generic netlink family, one with $RULE
	// for each rule of the packet filter's first chain. A link that
	// the kernel could not make takes its requests with it.
	attrs []string
	// answers are how many messages must come at the least, of all requests
	// together, where every step of the group "where" was done.
	answers int
	where   string
	// echo asks for the answer as an echo of the notification that it is: the
	// kernel tells what a queueing discipline or a class is like in no other way.
	echo bool
}

var nothing = []string{`{}`}

// asks are the operations that want more than an empty request, or that must
// answer. Those of ethtool are in ethtoolAsks. An operation that is asked for
// once, and reads, must be here: what it wants is its own.
var asks = map[string]ask{
	"nlctrl getfamily do":   {attrs: []string{`{"family-id": $FAMILY}`, `{"family-name": "nlctrl"}`}, answers: 2, where: "links"},
	"nlctrl getfamily dump": {attrs: nothing, answers: 1, where: "links"},
	"nlctrl getpolicy dump": {attrs: []string{`{"family-id": $FAMILY}`}, answers: 10, where: "links"},

	"rt-link getlink do": {attrs: []string{`{"ifi-index": $LINK}`, `{"ifname": "va", "ext-mask": 9}`, `{"alt-ifname": "va-two"}`}, answers: 10, where: "links"},
	"rt-link getlink dump": {attrs: []string{`{}`, `{"ext-mask": 9}`, `{"linkinfo": {"kind": "veth"}}`, `{"master": $bri}`,
		`{"ifi-family": 7}`, `{"ifi-family": 7, "ext-mask": 2}`, `{"ifi-family": 7, "ext-mask": 4}`, `{"ifi-family": 7, "ext-mask": 24}`,
		`{"ifi-family": 10}`}, answers: 40, where: "links"},
	"rt-link getstats do":   {attrs: []string{`{"ifindex": $LINK, "filter-mask": 31}`}, answers: 10, where: "links"},
	"rt-link getstats dump": {attrs: []string{`{"filter-mask": 1}`, `{"filter-mask": 31}`, `{"family": 7, "filter-mask": 31}`}, answers: 20, where: "links"},

	"rt-addr getaddr dump":      {attrs: []string{`{}`, `{"ifa-family": 2}`, `{"ifa-family": 10}`, `{"ifa-family": 2, "ifa-index": $va}`}, answers: 15, where: "addresses"},
	"rt-addr getmulticast do":   {attrs: []string{`{"ifa-family": 10, "ifa-index": $va}`}},
	"rt-addr getmulticast dump": {attrs: []string{`{"ifa-family": 2}`, `{"ifa-family": 10}`}, answers: 2, where: "addresses"},

	"rt-route getroute do": {attrs: []string{`{"rtm-family": 2, "rtm-dst-len": 32, "dst": "10.0.0.2"}`,
		`{"rtm-family": 2, "rtm-dst-len": 32, "dst": "198.51.100.9", "rtm-flags": 8192}`, `{"rtm-family": 2, "rtm-dst-len": 32, "dst": "203.0.113.5", "rtm-flags": 4096}`,
		`{"rtm-family": 10, "rtm-dst-len": 128, "dst": "fd00:1::9"}`, `{"rtm-family": 10, "rtm-dst-len": 128, "dst": "fd00:2::9", "oif": $va}`}, answers: 4, where: "routes"},
	"rt-route getroute dump": {attrs: []string{`{}`, `{"rtm-family": 2}`, `{"rtm-family": 10}`, `{"rtm-family": 2, "table": 1000}`, `{"rtm-family": 28}`,
		`{"rtm-family": 128}`, `{"rtm-family": 129}`, `{"rtm-family": 2, "rtm-flags": 512}`}, answers: 40, where: "routes"},
	"rt-rule getrule dump": {attrs: []string{`{}`, `{"family": 2}`, `{"family": 10}`, `{"family": 128}`, `{"family": 129}`}, answers: 15, where: "rules"},

	"rt-neigh getneigh do": {attrs: []string{`{"ndm-family": 2, "ndm-ifindex": $va, "dst": "10.0.0.2"}`, `{"ndm-family": 10, "ndm-ifindex": $va, "dst": "fd00::2"}`,
		`{"ndm-family": 7, "ndm-ifindex": $vx4, "lladdr": "02:00:00:00:00:c1", "ndm-flags": ["self"]}`,
		`{"ndm-family": 7, "ndm-ifindex": $vd, "lladdr": "02:00:00:00:00:c2", "ndm-flags": ["master"]}`}, answers: 2, where: "neighbours"},
	"rt-neigh getneigh dump": {attrs: []string{`{}`, `{"ndm-family": 2}`, `{"ndm-family": 10}`, `{"ndm-family": 7}`, `{"ndm-family": 2, "ndm-flags": ["proxy"]}`,
		`{"ndm-family": 7, "master": $bri}`}, answers: 8, where: "neighbours"},
	"rt-neigh getneightbl dump": {attrs: []string{`{}`, `{"family": 2}`, `{"family": 10}`}, answers: 4, where: "links"},

	"tc getqdisc do": {attrs: []string{`{"ifindex": $va, "parent": ${0xffffffff}}`, `{"ifindex": $va, "handle": ${0x100000}}`, `{"ifindex": $vb, "handle": ${0xffff0000}}`,
		`{"ifindex": $bri, "handle": ${0x90000}}`, `{"ifindex": $LINK, "parent": ${0xffffffff}}`}, answers: 5, where: "traffic", echo: true},
	"tc getqdisc dump": {attrs: []string{`{}`, `{"dump-invisible": true}`, `{"ifindex": $va}`}, answers: 8, where: "traffic"},
	"tc gettclass do": {attrs: []string{`{"ifindex": $va, "handle": ${0x10001}}`, `{"ifindex": $va, "handle": ${0x10010}}`,
		`{"ifindex": $va, "handle": ${0x10002}}`}, answers: 3, where: "traffic", echo: true},
	"tc gettclass dump": {attrs: []string{`{"ifindex": $LINK}`}, answers: 4, where: "traffic"},
	"tc gettfilter do": {attrs: []string{
		`{"ifindex": $va, "parent": ${0x10000}, "handle": ${0x80000001}, "info": ${0x10008}, "kind": "u32"}`,
		`{"ifindex": $vb, "parent": ${0xfffffff2}, "handle": 1, "info": ${0x50300}, "kind": "bpf"}`}, answers: 1, where: "traffic"},
	"tc gettfilter dump": {attrs: []string{`{"ifindex": $LINK}`, `{"ifindex": $va, "parent": ${0x10000}}`, `{"ifindex": $vb, "parent": ${0xfffffff2}}`,
		`{"ifindex": $vb, "parent": ${0xfffffff3}}`, `{"ifindex": $tp0, "parent": ${0xfffffff2}}`, `{"ifindex": $tp0, "parent": ${0xfffffff3}}`, `{"ifindex": $vc, "parent": ${0xffff0000}}`,
		`{"ifindex": $vb, "parent": ${0xfffffff2}, "dump-flags": {"value": 1, "selector": 1}}`}, answers: 6, where: "traffic"},
	"tc getchain do":   {attrs: []string{`{"ifindex": $vb, "parent": ${0xfffffff2}, "chain": 7}`}, answers: 1, where: "traffic"},
	"tc getchain dump": {attrs: []string{`{"ifindex": $vb, "parent": ${0xfffffff2}}`, `{"ifindex": $va, "parent": ${0x10000}}`}, answers: 2, where: "traffic"},

	"nftables gettable do":           {attrs: []string{`{"nfgen-family": 1, "name": "t"}`, `{"nfgen-family": 5, "name": "nd"}`}, answers: 2, where: "nftables"},
	"nftables gettable dump":         {attrs: nothing, answers: 2, where: "nftables"},
	"nftables getchain do":           {attrs: []string{`{"nfgen-family": 1, "table": "t", "name": "in"}`, `{"nfgen-family": 5, "table": "nd", "name": "ing"}`}, answers: 2, where: "nftables"},
	"nftables getchain dump":         {attrs: nothing, answers: 3, where: "nftables"},
	"nftables getrule do":            {attrs: []string{`{"nfgen-family": 1, "table": "t", "chain": "in", "handle": $RULE}`}, answers: 6, where: "nftables"},
	"nftables getrule dump":          {attrs: []string{`{}`, `{"nfgen-family": 1, "table": "t", "chain": "sub"}`}, answers: 9, where: "nftables"},
	"nftables getrule-reset do":      {attrs: []string{`{"nfgen-family": 1, "table": "t", "chain": "in", "handle": $RULE}`}, answers: 6, where: "nftables"},
	"nftables getrule-reset dump":    {attrs: nothing, answers: 8, where: "nftables"},
	"nftables getset do":             {attrs: []string{`{"nfgen-family": 1, "table": "t", "name": "s4"}`, `{"nfgen-family": 1, "table": "t", "name": "m1"}`}, answers: 2, where: "nftables"},
	"nftables getset dump":           {attrs: []string{`{}`, `{"nfgen-family": 1, "table": "t"}`}, answers: 10, where: "nftables"},
	"nftables getsetelem do":         {attrs: []string{port22}, answers: 1, where: "nftables"},
	"nftables getsetelem dump":       {attrs: sets("s4", "s6", "st", "m1", "m2"), answers: 5, where: "nftables"},
	"nftables getsetelem-reset do":   {attrs: []string{port22}},
	"nftables getsetelem-reset dump": {attrs: sets("s4", "s6", "st", "m1", "m2"), answers: 5, where: "nftables"},
	"nftables getgen do":             {attrs: nothing, answers: 1, where: "nftables"},
	"nftables getobj do":             {attrs: objects, answers: 3, where: "nftables objects"},
	"nftables getobj dump":           {attrs: nothing, answers: 3, where: "nftables objects"},
	"nftables getobj-reset do":       {attrs: objects, answers: 2, where: "nftables objects"},
	"nftables getobj-reset dump":     {attrs: nothing, answers: 2, where: "nftables objects"},
	"nftables getflowtable do":       {attrs: []string{`{"nfgen-family": 1, "table": "ft", "name": "f"}`}, answers: 1, where: "nftables flowtable"},
	"nftables getflowtable dump":     {attrs: nothing, answers: 1, where: "nftables flowtable"},

	"conntrack get do":              {attrs: []string{flow}, answers: 1, where: "conntrack"},
	"conntrack get dump":            {attrs: []string{`{}`, `{"nfgen-family": 2}`, `{"nfgen-family": 10}`, `{"mark": 42, "mark-mask": 255}`}, answers: 6, where: "conntrack"},
	"conntrack get-stats dump":      {attrs: nothing, answers: 1, where: "conntrack"},
	"conntrack get-stats-global do": {attrs: nothing, answers: 1, where: "conntrack"},
	"conntrack get-ctrzero do":      {attrs: []string{flow}, answers: 1, where: "conntrack"},
	"conntrack get-ctrzero dump":    {attrs: nothing, answers: 3, where: "conntrack"},
	"conntrack exp-get do":          {attrs: []string{`{"nfgen-family": 2, ` + expectation + `}`}},
	"conntrack exp-get dump":        {attrs: nothing, answers: 1, where: "expectations"},

	"netdev dev-get do":             {attrs: []string{`{"ifindex": $LINK}`}, answers: 10, where: "links"},
	"netdev dev-get dump":           {attrs: nothing, answers: 10, where: "links"},
	"netdev queue-get do":           {attrs: []string{`{"ifindex": $va, "type": "rx", "id": 1}`, `{"ifindex": $va, "type": "tx", "id": 0}`}, answers: 2, where: "links"},
	"netdev queue-get dump":         {attrs: []string{`{}`, `{"ifindex": $va}`}, answers: 4, where: "links"},
	"netdev napi-get do":            {attrs: []string{`{"id": 1}`, `{"id": 8193}`}},
	"netdev page-pool-get do":       {attrs: []string{`{"id": 1}`}},
	"netdev page-pool-stats-get do": {attrs: []string{`{"info": {"id": 1}}`, `{"info": {"ifindex": $va}}`}},
	"netdev qstats-get dump":        {attrs: []string{`{}`, `{"scope": ["queue"]}`}},

	"mptcp_pm get-addr do":   {attrs: []string{`{"addr": {"id": 1}}`, `{"addr": {"id": 2}}`}, answers: 1, where: "mptcp"},
	"mptcp_pm get-addr dump": {attrs: nothing, answers: 3, where: "mptcp"},
	"mptcp_pm get-limits do": {attrs: nothing, answers: 1, where: "mptcp"},

	"tcp_metrics get do":   {attrs: []string{`{"addr-ipv4": "192.0.2.77"}`}, answers: 1, where: "addresses"},
	"tcp_metrics get dump": {attrs: nothing, answers: 1, where: "addresses"},

	"fou get do":   {attrs: []string{`{"port": 7777, "af": 2}`, `{"port": 7777}`}, answers: 1, where: "fou"},
	"fou get dump": {attrs: nothing, answers: 1, where: "fou"},

	"wireguard get-device dump": {attrs: []string{`{"ifname": "wg"}`}, answers: 1, where: "wireguard"},

	"nl80211 get-wiphy do":                  {attrs: []string{`{"wiphy": 0}`, `{"ifindex": $LINK}`}},
	"nl80211 get-wiphy dump":                {attrs: []string{`{}`, `{"split-wiphy-dump": true}`}},
	"nl80211 get-station do":                {attrs: []string{`{"ifindex": $wlan0, "mac": "02:00:00:00:01:00"}`}},
	"nl80211 get-station dump":              {attrs: []string{`{"ifindex": $LINK}`}},
	"nl80211 get-mpath do":                  {attrs: []string{`{"ifindex": $wlan0, "mac": "02:00:00:00:01:00"}`}},
	"nl80211 get-mpath dump":                {attrs: []string{`{"ifindex": $wlan0}`}},
	"nl80211 get-mesh-config do":            {attrs: []string{`{"ifindex": $LINK}`}},
	"nl80211 get-reg do":                    {attrs: []string{`{}`, `{"wiphy": 0}`}},
	"nl80211 get-power-save do":             {attrs: []string{`{"ifindex": $LINK}`}},
	"nl80211 get-scan dump":                 {attrs: []string{`{"ifindex": $LINK}`}},
	"nl80211 get-survey dump":               {attrs: []string{`{"ifindex": $LINK}`}},
	"nl80211 get-interface do":              {attrs: []string{`{"ifindex": $LINK}`}},
	"nl80211 get-protocol-features do":      {attrs: nothing},
	"team options-get do":                   {attrs: []string{`{"team-ifindex": $te}`}, answers: 1, where: "team"},
	"team port-list-get do":                 {attrs: []string{`{"team-ifindex": $te}`}, answers: 1, where: "team"},
	"ovs_datapath get do":                   {attrs: []string{`{"dp-ifindex": $LINK}`}},
	"ovs_vport get do":                      {attrs: []string{`{"dp-ifindex": $LINK, "port-no": 0}`}},
	"ovs_flow get do":                       {attrs: []string{`{"dp-ifindex": $LINK}`}},
	"ovs_flow get dump":                     {attrs: []string{`{"dp-ifindex": $LINK}`}},
	"ovs_vport get dump":                    {attrs: []string{`{"dp-ifindex": $LINK}`}},
	"net-shaper get do":                     {attrs: []string{`{"ifindex": $LINK, "handle": {"scope": "netdev"}}`}},
	"net-shaper get dump":                   {attrs: []string{`{"ifindex": $LINK}`}},
	"net-shaper cap-get do":                 {attrs: []string{`{"ifindex": $LINK, "scope": "netdev"}`}},
	"net-shaper cap-get dump":               {attrs: []string{`{"ifindex": $LINK}`}},
	"psp dev-get do":                        {attrs: []string{`{"id": 1}`}},
	"psp get-stats do":                      {attrs: []string{`{"dev-id": 1}`}},
	"dpll device-get do":                    {attrs: []string{`{"id": 0}`}},
	"dpll device-id-get do":                 {attrs: []string{`{"type": "eec"}`, `{"clock-id": 1}`}},
	"dpll pin-id-get do":                    {attrs: []string{`{"board-label": "x"}`}},
	"dpll pin-get do":                       {attrs: []string{`{"id": 0}`}},
	"ovpn peer-get do":                      {attrs: []string{`{"ifindex": $LINK, "peer": {"id": 1}}`}},
	"ovpn peer-get dump":                    {attrs: []string{`{"ifindex": $LINK}`}},
	"ovpn key-get do":                       {attrs: []string{`{"ifindex": $LINK, "keyconf": {"peer-id": 1, "slot": "primary"}}`}},
	"drm-ras get-error-counter do":          {attrs: []string{`{"node-id": 0, "error-id": 0}`}},
	"drm-ras get-error-counter dump":        {attrs: []string{`{"node-id": 0}`}},
	"dev-energymodel get-perf-domains do":   {attrs: []string{`{"perf-domain-id": 0}`}},
	"dev-energymodel get-perf-table do":     {attrs: []string{`{"perf-domain-id": 0}`}},
	"nfsd threads-get do":                   {attrs: nothing},
	"nfsd version-get do":                   {attrs: nothing},
	"nfsd listener-get do":                  {attrs: nothing},
	"nfsd pool-mode-get do":                 {attrs: nothing},
	"lockd server-get do":                   {attrs: nothing},
	"nfsd cache-stats-get do":               {attrs: nothing},
	"nfsd rpc-status-get do":                {attrs: nothing},
	"devlink dpipe-table-get do":            {attrs: device(``)},
	"devlink dpipe-entries-get do":          {attrs: device(`, "dpipe-table-name": "x"`)},
	"devlink dpipe-headers-get do":          {attrs: device(``)},
	"devlink get do":                        {attrs: device(``)},
	"devlink port-get do":                   {attrs: device(`, "port-index": 0`)},
	"devlink sb-get do":                     {attrs: device(`, "sb-index": 0`)},
	"devlink sb-pool-get do":                {attrs: device(`, "sb-index": 0, "sb-pool-index": 0`)},
	"devlink sb-port-pool-get do":           {attrs: device(`, "port-index": 0, "sb-index": 0, "sb-pool-index": 0`)},
	"devlink sb-tc-pool-bind-get do":        {attrs: device(`, "port-index": 0, "sb-index": 0, "sb-pool-type": "ingress", "sb-tc-index": 0`)},
	"devlink eswitch-get do":                {attrs: device(``)},
	"devlink resource-dump do":              {attrs: device(``)},
	"devlink param-get do":                  {attrs: device(`, "param-name": "max_macs"`)},
	"devlink region-get do":                 {attrs: device(`, "region-name": "dummy"`)},
	"devlink port-param-get do":             {attrs: device(`, "port-index": 0`)},
	"devlink info-get do":                   {attrs: device(``)},
	"devlink health-reporter-get do":        {attrs: device(`, "health-reporter-name": "dummy"`)},
	"devlink trap-get do":                   {attrs: device(`, "trap-name": "fid_miss"`)},
	"devlink trap-group-get do":             {attrs: device(`, "trap-group-name": "l2_drops"`)},
	"devlink trap-policer-get do":           {attrs: device(`, "trap-policer-id": 1`)},
	"devlink rate-get do":                   {attrs: append(device(`, "port-index": 128`), device(`, "rate-node-name": "group"`)...)},
	"devlink linecard-get do":               {attrs: device(`, "linecard-index": 1`)},
	"devlink selftests-get do":              {attrs: device(``)},
	"devlink region-read dump":              {attrs: append(device(`, "region-name": "dummy", "region-snapshot-id": 0`), device(`, "region-name": "dummy", "region-snapshot-id": 1`)...)},
	"devlink health-reporter-dump-get dump": {attrs: device(`, "health-reporter-name": "dummy"`)},
}

const (
	port22      = `{"nfgen-family": 1, "table": "t", "set": "m1", "elements": {"elem": [{"key": {"value": "0016"}}]}}`
	flow        = `{"nfgen-family": 2, "tuple-orig": ` + flowTuple + `}`
	flowTuple   = `{"tuple-ip": {"ip-v4-src": "10.1.1.1", "ip-v4-dst": "10.1.1.2"}, "tuple-proto": {"proto-num": 6, "proto-src-port": 1111, "proto-dst-port": 2222}}`
	expectation = `"expect-tuple": {"tuple-ip": {"ip-v4-src": "10.1.1.1", "ip-v4-dst": "10.1.1.2"}, "tuple-proto": {"proto-num": 6, "proto-src-port": 0, "proto-dst-port": 2021}}`
)

// objects are those of the steps: a counter, a quota, a limit.
var objects = []string{`{"nfgen-family": 1, "table": "u", "name": "c1", "type": 1}`, `{"nfgen-family": 1, "table": "u", "name": "q1", "type": 2}`,
	`{"nfgen-family": 1, "table": "u", "name": "l1", "type": 4}`}

// device asks a device that netdevsim would make: it is there on few machines.
func device(more string) []string {
	return []string{`{"bus-name": "netdevsim", "dev-name": "netdevsim1"` + more + `}`}
}

func sets(names ...string) []string {
	var out []string
	for _, n := range names {
		out = append(out, `{"nfgen-family": 1, "table": "t", "set": "`+n+`"}`)
	}
	return out
}

// ethtoolAsks are requests of ethtool that want more than a link.
var ethtoolAsks = map[string]string{
	"module-eeprom-get": `, "offset": 0, "length": 1, "page": 0, "i2c-address": 80`,
	"stats-get":         `, "groups": {"nomask": true, "bits": {"bit": [{"name": "eth-phy"}, {"name": "eth-mac"}, {"name": "rmon"}]}}`,
	"strset-get":        `, "stringsets": {"stringset": [{"id": 1}, {"id": 4}]}`,
}

// reads reports whether an operation asks and changes nothing that matters.
func reads(op *ynl.Op) bool {
	for _, part := range strings.Split(op.Name, "-") {
		if strings.HasPrefix(part, "get") || part == "dump" || part == "read" {
			return !strings.HasSuffix(op.Name, "-clear")
		}
	}
	return false
}

// requests are the requests an operation is made with; found is false where none
// are known.
func (s *Scene) requests(spec *ynl.Spec, op *ynl.Op, mode string, families map[string]uint16) (out []string, a ask, found bool) {
	a, found = asks[spec.Name+" "+op.Name+" "+mode]
	switch {
	case found:
	case spec.Name == "ethtool" && mode == "do":
		more := ethtoolAsks[op.Name]
		a.attrs = []string{`{"header": {"dev-index": $LINK}` + more + `}`, `{"header": {"dev-index": $LINK, "flags": ["compact-bitsets"]}` + more + `}`,
			`{"header": {"dev-index": $va, "flags": ["stats"]}` + more + `}`}
		if op.Name == "strset-get" {
			a.attrs = append(a.attrs, `{"header": {}, "stringsets": {"stringset": [{"id": 4}, {"id": 9}, {"id": 10}]}}`)
		}
		if ethtoolAnswers[op.Name] {
			a.answers, a.where = 1, "links"
		}
	case spec.Name == "ethtool":
		a.attrs = []string{`{"header": {}` + ethtoolAsks[op.Name] + `}`, `{"header": {"flags": ["compact-bitsets"]}` + ethtoolAsks[op.Name] + `}`}
		if ethtoolAnswers[op.Name] {
			a.answers, a.where = 1, "links"
		}
	case mode == "dump":
		a.attrs = nothing
	default:
		return nil, a, false
	}
	add := func(text, word string, n uint32) {
		if text, ok := s.expand(strings.ReplaceAll(text, word, strconv.Itoa(int(n)))); ok {
			out = append(out, text)
		}
	}
	for _, text := range a.attrs {
		switch {
		case strings.Contains(text, "$LINK"):
			for _, name := range s.order {
				add(text, "$LINK", s.Links[name])
			}
		case strings.Contains(text, "$FAMILY"):
			for _, id := range families {
				add(text, "$FAMILY", uint32(id))
			}
		case strings.Contains(text, "$RULE"):
			for _, handle := range s.rules {
				add(text, "$RULE", handle)
			}
		default:
			add(text, "$NONE", 0)
		}
	}
	return out, a, true
}

// ethtoolAnswers are the operations of ethtool that a veth answers.
var ethtoolAnswers = map[string]bool{
	"strset-get": true, "linkmodes-get": true, "linkstate-get": true, "features-get": true, "channels-get": true, "tsinfo-get": true,
}

// expand puts in what stands for links and numbers; ok is false where there is no
// such link.
func (s *Scene) expand(text string) (out string, ok bool) {
	ok = true
	out = os.Expand(text, func(name string) string {
		if n, err := strconv.ParseUint(name, 0, 32); err == nil {
			return strconv.FormatUint(n, 10)
		}
		index, there := s.Links[name]
		ok = ok && there
		return strconv.Itoa(int(index))
	})
	return out, ok
}
