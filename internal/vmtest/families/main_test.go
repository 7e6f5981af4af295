//go:build linux

package families_test

import (
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

//nlkit:vm
//nlkit:kernels 6.12
//nlkit:memory 1024
//nlkit:timeout 4m
//nlkit:cards virtio-net-pci e1000e vmxnet3

// Modules that bring a family, and those that others of them ask for at run time.
//
//nlkit:modules crc32c_generic wireguard team team_mode_roundrobin team_mode_activebackup team_mode_loadbalance openvswitch vport_vxlan
//nlkit:modules macsec fou drop_monitor psample ip_vs ip_vs_rr tipc nbd gtp batman_adv hsr l2tp_netlink l2tp_eth ila nfsd
//nlkit:modules mac80211_hwsim mac802154 mac802154_hwsim nfc target_core_user ksmbd smc drbd vdpa netdevsim

// Network cards, links, tunnels.
//
//nlkit:modules virtio_net virtio_pci e1000e vmxnet3 dummy veth bonding tun ifb macvlan macvtap ipvlan ipvtap vxlan geneve 8021q bridge vrf
//nlkit:modules ip_gre ip6_gre ipip sit ip_vti xfrm_interface vcan nlmon netkit mpls_router mpls_iptunnel

// Packet filters.
//
//nlkit:modules nf_tables nft_ct nft_nat nft_chain_nat nft_masq nft_redir nft_limit nft_log nft_reject nft_reject_inet nft_fib nft_fib_inet
//nlkit:modules nft_fib_ipv4 nft_fib_ipv6 nft_numgen nft_hash nft_quota nft_connlimit nft_socket nft_osf nft_queue nft_synproxy nft_flow_offload
//nlkit:modules nft_dup_netdev nf_conntrack_netlink nf_conntrack_ftp nf_flow_table_inet nfnetlink_cttimeout nfnetlink_cthelper nfnetlink_log
//nlkit:modules nfnetlink_queue nf_log_syslog

// Traffic control.
//
//nlkit:modules sch_htb sch_tbf sch_sfq sch_netem sch_prio sch_cake sch_fq sch_ingress sch_red sch_choke sch_codel sch_drr sch_etf sch_ets
//nlkit:modules sch_gred sch_hfsc sch_hhf sch_mqprio sch_multiq sch_pie sch_fq_pie sch_plug sch_qfq sch_sfb sch_skbprio sch_taprio sch_cbs
//nlkit:modules cls_u32 cls_bpf cls_flower cls_matchall cls_basic cls_fw cls_route cls_flow cls_cgroup em_cmp em_meta
//nlkit:modules act_mirred act_gact act_police act_pedit act_vlan act_tunnel_key act_skbedit act_skbmod act_csum act_nat act_ct act_ctinfo
//nlkit:modules act_connmark act_bpf act_sample act_mpls act_ife act_meta_mark act_gate act_simple

// What the scene is made with.
//
//nlkit:files /bin/sh /usr/bin/nsenter /usr/sbin/ip /usr/sbin/tc /usr/sbin/bridge /usr/sbin/nft /usr/sbin/conntrack /usr/sbin/ethtool
//nlkit:files /etc/protocols /etc/services /etc/iproute2/ematch_map

func TestMain(m *testing.M) { testenv.Main(m) }
