//go:build linux

package live_test

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
	// each link, one with $FAMILY for each generic netlink family. A link that
	// the kernel could not make takes its requests with it.
	attrs []string
	// answers are how many messages must come at the least, of all requests
	// together, where every step of the group "where" was done.
	answers int
	where   string
}

var nothing = []string{`{}`}

// asks are the operations that want more than an empty request, or that must
// answer. Those of ethtool are in ethtoolAsks. An operation that is asked for
// once, and reads, must be here: what it wants is its own.
var asks = map[string]ask{
	"nlctrl getfamily do":   {[]string{`{"family-id": $FAMILY}`, `{"family-name": "nlctrl"}`}, 2, "links"},
	"nlctrl getfamily dump": {nothing, 1, "links"},
	"nlctrl getpolicy dump": {[]string{`{"family-id": $FAMILY}`}, 10, "links"},

	"rt-link getlink do": {[]string{`{"ifi-index": $LINK}`, `{"ifname": "va", "ext-mask": 9}`, `{"alt-ifname": "va-two"}`}, 10, "links"},
	"rt-link getlink dump": {[]string{`{}`, `{"ext-mask": 9}`, `{"linkinfo": {"kind": "veth"}}`, `{"master": $bri}`,
		`{"ifi-family": 7}`, `{"ifi-family": 7, "ext-mask": 2}`, `{"ifi-family": 7, "ext-mask": 4}`, `{"ifi-family": 7, "ext-mask": 24}`,
		`{"ifi-family": 10}`}, 40, "links"},
	"rt-link getstats do":   {[]string{`{"ifindex": $LINK, "filter-mask": 31}`}, 10, "links"},
	"rt-link getstats dump": {[]string{`{"filter-mask": 1}`, `{"filter-mask": 31}`, `{"family": 7, "filter-mask": 31}`}, 20, "links"},

	"rt-addr getaddr dump":      {[]string{`{}`, `{"ifa-family": 2}`, `{"ifa-family": 10}`, `{"ifa-family": 2, "ifa-index": $va}`}, 15, "addresses"},
	"rt-addr getmulticast do":   {[]string{`{"ifa-family": 10, "ifa-index": $va}`}, 0, ""},
	"rt-addr getmulticast dump": {[]string{`{"ifa-family": 2}`, `{"ifa-family": 10}`}, 2, "addresses"},

	"rt-route getroute do": {[]string{`{"rtm-family": 2, "rtm-dst-len": 32, "dst": "10.0.0.2"}`,
		`{"rtm-family": 2, "rtm-dst-len": 32, "dst": "198.51.100.9", "rtm-flags": 8192}`, `{"rtm-family": 2, "rtm-dst-len": 32, "dst": "203.0.113.5", "rtm-flags": 4096}`,
		`{"rtm-family": 10, "rtm-dst-len": 128, "dst": "fd00:1::9"}`, `{"rtm-family": 10, "rtm-dst-len": 128, "dst": "fd00:2::9", "oif": $va}`}, 4, "routes"},
	"rt-route getroute dump": {[]string{`{}`, `{"rtm-family": 2}`, `{"rtm-family": 10}`, `{"rtm-family": 2, "table": 1000}`, `{"rtm-family": 28}`,
		`{"rtm-family": 128}`, `{"rtm-family": 129}`, `{"rtm-family": 2, "rtm-flags": 512}`}, 40, "routes"},
	"rt-rule getrule dump": {[]string{`{}`, `{"family": 2}`, `{"family": 10}`, `{"family": 128}`, `{"family": 129}`}, 15, "rules"},

	"rt-neigh getneigh do": {[]string{`{"ndm-family": 2, "ndm-ifindex": $va, "dst": "10.0.0.2"}`, `{"ndm-family": 10, "ndm-ifindex": $va, "dst": "fd00::2"}`,
		`{"ndm-family": 7, "ndm-ifindex": $vx4, "lladdr": "02:00:00:00:00:c1", "ndm-flags": ["self"]}`,
		`{"ndm-family": 7, "ndm-ifindex": $vd, "lladdr": "02:00:00:00:00:c2", "ndm-flags": ["master"]}`}, 2, "neighbours"},
	"rt-neigh getneigh dump": {[]string{`{}`, `{"ndm-family": 2}`, `{"ndm-family": 10}`, `{"ndm-family": 7}`, `{"ndm-family": 2, "ndm-flags": ["proxy"]}`,
		`{"ndm-family": 7, "master": $bri}`}, 8, "neighbours"},
	"rt-neigh getneightbl dump": {[]string{`{}`, `{"family": 2}`, `{"family": 10}`}, 4, "links"},

	"tc getqdisc do": {[]string{`{"ifindex": $va, "parent": ${0xffffffff}}`, `{"ifindex": $va, "handle": ${0x100000}}`, `{"ifindex": $vb, "handle": ${0xffff0000}}`,
		`{"ifindex": $bri, "handle": ${0x90000}}`, `{"ifindex": $LINK, "parent": ${0xffffffff}}`}, 5, "traffic"},
	"tc getqdisc dump": {[]string{`{}`, `{"dump-invisible": true}`, `{"ifindex": $LINK}`}, 8, "traffic"},
	"tc gettclass do": {[]string{`{"ifindex": $va, "handle": ${0x10001}}`, `{"ifindex": $va, "handle": ${0x10010}}`,
		`{"ifindex": $va, "handle": ${0x10002}}`}, 3, "traffic"},
	"tc gettclass dump": {[]string{`{"ifindex": $LINK}`}, 4, "traffic"},
	"tc gettfilter do": {[]string{
		`{"ifindex": $va, "parent": ${0x10000}, "handle": ${0x80000001}, "info": ${0x10008}, "kind": "u32"}`,
		`{"ifindex": $vb, "parent": ${0xfffffff2}, "handle": 1, "info": ${0x50300}, "kind": "bpf"}`}, 1, "traffic"},
	"tc gettfilter dump": {[]string{`{"ifindex": $LINK}`, `{"ifindex": $va, "parent": ${0x10000}}`, `{"ifindex": $vb, "parent": ${0xfffffff2}}`,
		`{"ifindex": $vb, "parent": ${0xfffffff3}}`, `{"ifindex": $vc, "parent": ${0xffff0000}}`,
		`{"ifindex": $vb, "parent": ${0xfffffff2}, "dump-flags": {"value": 1, "selector": 1}}`}, 6, "traffic"},
	"tc getchain do":   {[]string{`{"ifindex": $vb, "parent": ${0xfffffff2}, "chain": 7}`}, 1, "traffic"},
	"tc getchain dump": {[]string{`{"ifindex": $vb, "parent": ${0xfffffff2}}`, `{"ifindex": $va, "parent": ${0x10000}}`}, 2, "traffic"},

	"nftables gettable do":           {[]string{`{"nfgen-family": 1, "name": "t"}`, `{"nfgen-family": 5, "name": "nd"}`}, 2, "nftables"},
	"nftables gettable dump":         {nothing, 2, "nftables"},
	"nftables getchain do":           {[]string{`{"nfgen-family": 1, "table": "t", "name": "in"}`, `{"nfgen-family": 5, "table": "nd", "name": "ing"}`}, 2, "nftables"},
	"nftables getchain dump":         {nothing, 3, "nftables"},
	"nftables getrule do":            {[]string{`{"nfgen-family": 1, "table": "t", "chain": "in", "handle": $RULE}`}, 0, ""},
	"nftables getrule dump":          {[]string{`{}`, `{"nfgen-family": 1, "table": "t", "chain": "sub"}`}, 9, "nftables"},
	"nftables getrule-reset do":      {[]string{`{"nfgen-family": 1, "table": "t", "chain": "in", "handle": $RULE}`}, 0, ""},
	"nftables getrule-reset dump":    {nothing, 8, "nftables"},
	"nftables getset do":             {[]string{`{"nfgen-family": 1, "table": "t", "name": "s4"}`, `{"nfgen-family": 1, "table": "t", "name": "m1"}`}, 2, "nftables"},
	"nftables getset dump":           {[]string{`{}`, `{"nfgen-family": 1, "table": "t"}`}, 10, "nftables"},
	"nftables getsetelem do":         {[]string{setElem("getsetelem")}, 1, "nftables"},
	"nftables getsetelem dump":       {sets("s4", "s6", "st", "m1", "m2"), 5, "nftables"},
	"nftables getsetelem-reset do":   {[]string{setElem("getsetelem-reset")}, 0, ""},
	"nftables getsetelem-reset dump": {sets("s4", "s6", "st", "m1", "m2"), 5, "nftables"},
	"nftables getgen do":             {nothing, 1, "nftables"},
	"nftables getobj do":             {objects, 3, "nftables nat"},
	"nftables getobj dump":           {nothing, 3, "nftables nat"},
	"nftables getobj-reset do":       {objects, 2, "nftables nat"},
	"nftables getobj-reset dump":     {nothing, 2, "nftables nat"},
	"nftables getflowtable do":       {[]string{`{"nfgen-family": 1, "table": "ft", "name": "f"}`}, 1, "nftables flowtable"},
	"nftables getflowtable dump":     {nothing, 1, "nftables flowtable"},

	"conntrack get do":              {[]string{flow}, 1, "conntrack"},
	"conntrack get dump":            {[]string{`{}`, `{"nfgen-family": 2}`, `{"nfgen-family": 10}`, `{"mark": 42, "mark-mask": 255}`}, 6, "conntrack"},
	"conntrack get-stats dump":      {nothing, 1, "conntrack"},
	"conntrack get-stats-global do": {nothing, 1, "conntrack"},
	"conntrack get-ctrzero do":      {[]string{flow}, 1, "conntrack"},
	"conntrack get-ctrzero dump":    {nothing, 3, "conntrack"},
	"conntrack exp-get do":          {[]string{`{"nfgen-family": 2, ` + expectation + `}`}, 0, ""},
	"conntrack exp-get dump":        {nothing, 1, "conntrack"},

	"netdev dev-get do":             {[]string{`{"ifindex": $LINK}`}, 10, "links"},
	"netdev dev-get dump":           {nothing, 10, "links"},
	"netdev queue-get do":           {[]string{`{"ifindex": $va, "type": "rx", "id": 1}`, `{"ifindex": $va, "type": "tx", "id": 0}`}, 2, "links"},
	"netdev queue-get dump":         {[]string{`{}`, `{"ifindex": $va}`}, 4, "links"},
	"netdev napi-get do":            {[]string{`{"id": 1}`, `{"id": 8193}`}, 0, ""},
	"netdev page-pool-get do":       {[]string{`{"id": 1}`}, 0, ""},
	"netdev page-pool-stats-get do": {[]string{`{"info": {"id": 1}}`, `{"info": {"ifindex": $va}}`}, 0, ""},
	"netdev qstats-get dump":        {[]string{`{}`, `{"scope": ["queue"]}`}, 1, "links"},

	"mptcp_pm get-addr do":   {[]string{`{"addr": {"addr": {"id": 1}}}`, `{"addr": {"id": 1}}`, `{"addr": {"id": 2}}`}, 1, "mptcp"},
	"mptcp_pm get-addr dump": {nothing, 3, "mptcp"},
	"mptcp_pm get-limits do": {nothing, 1, "mptcp"},

	"tcp_metrics get do":   {[]string{`{"addr-ipv4": "192.0.2.77"}`}, 1, "addresses"},
	"tcp_metrics get dump": {nothing, 1, "addresses"},

	"fou get do":   {[]string{`{"port": 7777, "af": 2}`, `{"port": 7777}`}, 1, "fou"},
	"fou get dump": {nothing, 1, "fou"},

	"wireguard get-device dump": {[]string{`{"ifname": "wg"}`}, 1, "wireguard"},

	"nl80211 get-wiphy do":                  {[]string{`{"wiphy": 0}`}, 0, ""},
	"nl80211 get-interface do":              {[]string{`{"ifindex": $LINK}`}, 0, ""},
	"nl80211 get-protocol-features do":      {nothing, 0, ""},
	"team options-get do":                   {[]string{`{"team-ifindex": $te}`}, 1, "team"},
	"team port-list-get do":                 {[]string{`{"team-ifindex": $te}`}, 1, "team"},
	"ovs_datapath get do":                   {[]string{`{"dp-ifindex": $LINK}`}, 0, ""},
	"ovs_vport get do":                      {[]string{`{"dp-ifindex": $LINK, "port-no": 0}`}, 0, ""},
	"ovs_flow get do":                       {[]string{`{"dp-ifindex": $LINK}`}, 0, ""},
	"ovs_flow get dump":                     {[]string{`{"dp-ifindex": $LINK}`}, 0, ""},
	"ovs_vport get dump":                    {[]string{`{"dp-ifindex": $LINK}`}, 0, ""},
	"net-shaper get do":                     {[]string{`{"ifindex": $LINK, "handle": {"scope": "netdev"}}`}, 0, ""},
	"net-shaper get dump":                   {[]string{`{"ifindex": $LINK}`}, 0, ""},
	"net-shaper cap-get do":                 {[]string{`{"ifindex": $LINK, "scope": "netdev"}`}, 0, ""},
	"net-shaper cap-get dump":               {[]string{`{"ifindex": $LINK}`}, 0, ""},
	"psp dev-get do":                        {[]string{`{"id": 1}`}, 0, ""},
	"psp get-stats do":                      {[]string{`{"dev-id": 1}`}, 0, ""},
	"dpll device-get do":                    {[]string{`{"id": 0}`}, 0, ""},
	"dpll pin-get do":                       {[]string{`{"id": 0}`}, 0, ""},
	"ovpn peer-get do":                      {[]string{`{"ifindex": $LINK, "peer": {"id": 1}}`}, 0, ""},
	"ovpn peer-get dump":                    {[]string{`{"ifindex": $LINK}`}, 0, ""},
	"ovpn key-get do":                       {[]string{`{"ifindex": $LINK, "keyconf": {"peer-id": 1, "slot": "primary"}}`}, 0, ""},
	"drm-ras get-error-counter do":          {[]string{`{"node-id": 0, "error-id": 0}`}, 0, ""},
	"drm-ras get-error-counter dump":        {[]string{`{"node-id": 0}`}, 0, ""},
	"dev-energymodel get-perf-domains do":   {[]string{`{"perf-domain-id": 0}`}, 0, ""},
	"dev-energymodel get-perf-table do":     {[]string{`{"perf-domain-id": 0}`}, 0, ""},
	"nfsd threads-get do":                   {nothing, 0, ""},
	"nfsd version-get do":                   {nothing, 0, ""},
	"nfsd listener-get do":                  {nothing, 0, ""},
	"nfsd pool-mode-get do":                 {nothing, 0, ""},
	"lockd server-get do":                   {nothing, 0, ""},
	"nfsd cache-stats-get do":               {nothing, 0, ""},
	"nfsd rpc-status-get do":                {nothing, 0, ""},
	"devlink dpipe-table-get do":            {device(``), 0, ""},
	"devlink dpipe-entries-get do":          {device(`, "dpipe-table-name": "x"`), 0, ""},
	"devlink dpipe-headers-get do":          {device(``), 0, ""},
	"devlink get do":                        {device(``), 0, ""},
	"devlink port-get do":                   {device(`, "port-index": 0`), 0, ""},
	"devlink sb-get do":                     {device(`, "sb-index": 0`), 0, ""},
	"devlink sb-pool-get do":                {device(`, "sb-index": 0, "sb-pool-index": 0`), 0, ""},
	"devlink sb-port-pool-get do":           {device(`, "port-index": 0, "sb-index": 0, "sb-pool-index": 0`), 0, ""},
	"devlink sb-tc-pool-bind-get do":        {device(`, "port-index": 0, "sb-index": 0, "sb-pool-type": "ingress", "sb-tc-index": 0`), 0, ""},
	"devlink eswitch-get do":                {device(``), 0, ""},
	"devlink resource-dump do":              {device(``), 0, ""},
	"devlink param-get do":                  {device(`, "param-name": "max_macs"`), 0, ""},
	"devlink region-get do":                 {device(`, "region-name": "dummy"`), 0, ""},
	"devlink port-param-get do":             {device(`, "port-index": 0`), 0, ""},
	"devlink info-get do":                   {device(``), 0, ""},
	"devlink health-reporter-get do":        {device(`, "health-reporter-name": "dummy"`), 0, ""},
	"devlink trap-get do":                   {device(`, "trap-name": "fid_miss"`), 0, ""},
	"devlink trap-group-get do":             {device(`, "trap-group-name": "l2_drops"`), 0, ""},
	"devlink trap-policer-get do":           {device(`, "trap-policer-id": 1`), 0, ""},
	"devlink rate-get do":                   {device(`, "port-index": 0`), 0, ""},
	"devlink linecard-get do":               {device(`, "linecard-index": 1`), 0, ""},
	"devlink selftests-get do":              {device(``), 0, ""},
	"devlink region-read dump":              {device(`, "region-name": "dummy", "region-snapshot-id": 1`), 0, ""},
	"devlink health-reporter-dump-get dump": {device(`, "health-reporter-name": "dummy"`), 0, ""},
}

const (
	flow        = `{"nfgen-family": 2, "tuple-orig": ` + flowTuple + `}`
	flowTuple   = `{"tuple-ip": {"ip-v4-src": "10.1.1.1", "ip-v4-dst": "10.1.1.2"}, "tuple-proto": {"proto-num": 6, "proto-src-port": 1111, "proto-dst-port": 2222}}`
	expectation = `"expect-tuple": {"tuple-ip": {"ip-v4-src": "10.1.1.1", "ip-v4-dst": "10.1.1.2"}, "tuple-proto": {"proto-num": 6, "proto-src-port": 0, "proto-dst-port": 2021}}`
)

// objects are those of natRules: a counter, a quota, a limit.
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

// setElem asks for port 22 of the map m1.
func setElem(string) string {
	return `{"nfgen-family": 1, "table": "t", "set": "m1", "elements": {"elem": [{"key": {"value": "0016"}}]}}`
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
		if strings.HasPrefix(part, "get") || part == "dump" {
			return !strings.HasSuffix(op.Name, "-clear")
		}
	}
	return false
}

// requests are the requests an operation is made with; found is false where none
// are known.
func (s *scene) requests(spec *ynl.Spec, op *ynl.Op, mode string, families map[string]uint16) (out []string, a ask, found bool) {
	a, found = asks[spec.Name+" "+op.Name+" "+mode]
	switch {
	case found:
	case spec.Name == "ethtool" && mode == "do":
		more := ethtoolAsks[op.Name]
		a.attrs = []string{`{"header": {"dev-index": $LINK}` + more + `}`, `{"header": {"dev-index": $LINK, "flags": ["compact-bitsets", "stats"]}` + more + `}`}
		if op.Name == "strset-get" {
			a.attrs = append(a.attrs, `{"header": {}, "stringsets": {"stringset": [{"id": 4}, {"id": 9}, {"id": 10}]}}`)
		}
		if ethtoolAnswers[op.Name] {
			a.answers, a.where = 1, "links"
		}
	case spec.Name == "ethtool":
		a.attrs = []string{`{"header": {"flags": ["stats"]}` + ethtoolAsks[op.Name] + `}`}
		if ethtoolAnswers[op.Name] {
			a.answers, a.where = 1, "links"
		}
	case mode == "dump":
		a.attrs = nothing
	default:
		return nil, a, false
	}
	for _, text := range a.attrs {
		switch {
		case strings.Contains(text, "$LINK"):
			for _, name := range s.order {
				out = append(out, strings.ReplaceAll(text, "$LINK", strconv.Itoa(int(s.links[name]))))
			}
		case strings.Contains(text, "$FAMILY"):
			for _, id := range families {
				out = append(out, strings.ReplaceAll(text, "$FAMILY", strconv.Itoa(int(id))))
			}
		default:
			if text, ok := s.expand(text); ok {
				out = append(out, text)
			}
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
func (s *scene) expand(text string) (out string, ok bool) {
	ok = true
	out = os.Expand(text, func(name string) string {
		if n, err := strconv.ParseUint(name, 0, 32); err == nil {
			return strconv.FormatUint(n, 10)
		}
		index, there := s.links[name]
		ok = ok && there
		return strconv.Itoa(int(index))
	})
	return out, ok
}
