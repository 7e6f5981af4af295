package mirror

import (
	"slices"

	"github.com/nlkit/nlkit/wire"
)

// Members of IFLA_LINKINFO.
const (
	iflaInfoKind      = 1
	iflaInfoData      = 2
	iflaInfoXStats    = 3
	iflaInfoSlaveKind = 4
	iflaInfoSlaveData = 5
)

// Of a bridge and of its ports, what changes without a word: timers, what STP has
// found out, the number of entries learned and of hosts tracked, and how long another
// querier has been heard (net/bridge/br_netlink.c, br_fill_info and
// br_port_fill_attrs). Numbers are those of IFLA_BR_ROOT_ID to _GC_TIMER,
// _MCAST_QUERIER_STATE and _FDB_N_LEARNED; of IFLA_BRPORT_ROOT_ID to _DESIGNATED_COST,
// _TOPOLOGY_CHANGE_ACK to _HOLD_TIMER, _MCAST_EHT_HOSTS_CNT and _MCAST_N_GROUPS.
var (
	bridgeStrip = []uint16{10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 47, 48}
	portStrip   = []uint16{13, 14, 15, 16, 19, 20, 21, 22, 23, 38, 41}
)

// appendLinkInfo appends IFLA_LINKINFO without what changes unannounced.
func appendLinkInfo(dst []byte, info wire.Attr) []byte {
	isBridge := attrText(info.Data(), iflaInfoKind) == "bridge"
	isPort := attrText(info.Data(), iflaInfoSlaveKind) == "bridge"
	at := len(dst)
	dst = append(dst, info[:wire.AttrHeaderLen]...)
	for a, err := range wire.Attrs(info.Data()) {
		switch {
		case err != nil:
			return nil
		case a.Type() == iflaInfoXStats:
		case a.Type() == iflaInfoData && isBridge:
			dst = appendNest(dst, a, bridgeStrip)
		case a.Type() == iflaInfoSlaveData && isPort:
			dst = appendNest(dst, a, portStrip)
		default:
			dst = appendAttr(dst, a)
		}
	}
	hostOrder.PutUint16(dst[at:], uint16(len(dst)-at))
	return dst
}

// appendNest appends an attribute that holds attributes, but for those of some types.
// Where its value is none it is appended as it is.
func appendNest(dst []byte, nest wire.Attr, without []uint16) []byte {
	at := len(dst)
	dst = append(dst, nest[:wire.AttrHeaderLen]...)
	for a, err := range wire.Attrs(nest.Data()) {
		if err != nil {
			return appendAttr(dst[:at], nest)
		}
		if !slices.Contains(without, a.Type()) {
			dst = appendAttr(dst, a)
		}
	}
	hostOrder.PutUint16(dst[at:], uint16(len(dst)-at))
	return dst
}

// attrText is an attribute's text, "" if it is not there.
func attrText(attrs []byte, typ uint16) string {
	a, ok := wire.FindAttr(attrs, typ)
	if !ok {
		return ""
	}
	return a.Text()
}

// linkKind is the kind of a link, "" where it has none or there is no such link.
func linkKind(link []byte) string {
	if link == nil {
		return ""
	}
	return attrText(attrValue(link[ifInfoLen:], iflaLinkInfo), iflaInfoKind)
}
