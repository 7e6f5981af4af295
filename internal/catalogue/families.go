package catalogue

import (
	"github.com/nlkit/nlkit/family/nl"

	"github.com/nlkit/nlkit/family/binder"
	"github.com/nlkit/nlkit/family/conntrack"
	"github.com/nlkit/nlkit/family/devenergymodel"
	"github.com/nlkit/nlkit/family/devlink"
	"github.com/nlkit/nlkit/family/dpll"
	"github.com/nlkit/nlkit/family/drmras"
	"github.com/nlkit/nlkit/family/ethtool"
	"github.com/nlkit/nlkit/family/fou"
	"github.com/nlkit/nlkit/family/handshake"
	"github.com/nlkit/nlkit/family/lockd"
	"github.com/nlkit/nlkit/family/mptcppm"
	"github.com/nlkit/nlkit/family/netdev"
	"github.com/nlkit/nlkit/family/netshaper"
	"github.com/nlkit/nlkit/family/nfsd"
	"github.com/nlkit/nlkit/family/nftables"
	"github.com/nlkit/nlkit/family/nl80211"
	"github.com/nlkit/nlkit/family/nlctrl"
	"github.com/nlkit/nlkit/family/ovpn"
	"github.com/nlkit/nlkit/family/ovsdatapath"
	"github.com/nlkit/nlkit/family/ovsflow"
	"github.com/nlkit/nlkit/family/ovspacket"
	"github.com/nlkit/nlkit/family/ovsvport"
	"github.com/nlkit/nlkit/family/psp"
	"github.com/nlkit/nlkit/family/rtaddr"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtneigh"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/family/rtrule"
	sunrpccache "github.com/nlkit/nlkit/family/sunrpccache"
	"github.com/nlkit/nlkit/family/tc"
	"github.com/nlkit/nlkit/family/tcpmetrics"
	"github.com/nlkit/nlkit/family/team"
	"github.com/nlkit/nlkit/family/wireguard"
)

// Families are those of all generated packages, in the order of the packages'
// names. The list is the caller's own, the families are the packages'.
func Families() []*nl.Family {
	return []*nl.Family{
		binder.Service(binder.Unimplemented{}).Family,
		conntrack.Service(conntrack.Unimplemented{}).Family,
		devenergymodel.Service(devenergymodel.Unimplemented{}).Family,
		devlink.Service(devlink.Unimplemented{}).Family,
		dpll.Service(dpll.Unimplemented{}).Family,
		drmras.Service(drmras.Unimplemented{}).Family,
		ethtool.Service(ethtool.Unimplemented{}).Family,
		fou.Service(fou.Unimplemented{}).Family,
		handshake.Service(handshake.Unimplemented{}).Family,
		lockd.Service(lockd.Unimplemented{}).Family,
		mptcppm.Service(mptcppm.Unimplemented{}).Family,
		netdev.Service(netdev.Unimplemented{}).Family,
		netshaper.Service(netshaper.Unimplemented{}).Family,
		nfsd.Service(nfsd.Unimplemented{}).Family,
		nftables.Service(nftables.Unimplemented{}).Family,
		nl80211.Service(nl80211.Unimplemented{}).Family,
		nlctrl.Service(nlctrl.Unimplemented{}).Family,
		ovpn.Service(ovpn.Unimplemented{}).Family,
		ovsdatapath.Service(ovsdatapath.Unimplemented{}).Family,
		ovsflow.Service(ovsflow.Unimplemented{}).Family,
		ovspacket.Service(ovspacket.Unimplemented{}).Family,
		ovsvport.Service(ovsvport.Unimplemented{}).Family,
		psp.Service(psp.Unimplemented{}).Family,
		rtaddr.Service(rtaddr.Unimplemented{}).Family,
		rtlink.Service(rtlink.Unimplemented{}).Family,
		rtneigh.Service(rtneigh.Unimplemented{}).Family,
		rtroute.Service(rtroute.Unimplemented{}).Family,
		rtrule.Service(rtrule.Unimplemented{}).Family,
		sunrpccache.Service(sunrpccache.Unimplemented{}).Family,
		tc.Service(tc.Unimplemented{}).Family,
		tcpmetrics.Service(tcpmetrics.Unimplemented{}).Family,
		team.Service(team.Unimplemented{}).Family,
		wireguard.Service(wireguard.Unimplemented{}).Family,
	}
}
