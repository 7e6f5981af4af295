/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR MIT) */
/* Made by nlkit gen kmod from ovs_datapath.yaml. Do not edit. */
#ifndef NLKIT_UAPI_LINUX_OPENVSWITCH_H
#define NLKIT_UAPI_LINUX_OPENVSWITCH_H

#include <linux/types.h>

#define OVS_DATAPATH_FAMILY_NAME	"ovs_datapath"
#define OVS_DATAPATH_FAMILY_VERSION	2

enum {
	OVS_DP_F_UNALIGNED = 1,
	OVS_DP_F_VPORT_PIDS = 2,
	OVS_DP_F_TC_RECIRC_SHARING = 4,
	OVS_DP_F_DISPATCH_UPCALL_PER_CPU = 8,
};

struct ovs_header {
	__s32 dp_ifindex;
};

struct ovs_dp_stats {
	__u64 n_hit;
	__u64 n_missed;
	__u64 n_lost;
	__u64 n_flows;
};

struct ovs_dp_megaflow_stats {
	__u64 n_mask_hit;
	__u32 n_masks;
	__u32 padding;
	__u64 n_cache_hit;
	__u64 pad1;
};

enum ovs_datapath_attrs {
	OVS_DP_ATTR_NAME = 1,
	OVS_DP_ATTR_UPCALL_PID,
	OVS_DP_ATTR_STATS,
	OVS_DP_ATTR_MEGAFLOW_STATS,
	OVS_DP_ATTR_USER_FEATURES,
	OVS_DP_ATTR_PAD,
	OVS_DP_ATTR_MASKS_CACHE_SIZE,
	OVS_DP_ATTR_PER_CPU_PIDS,
	OVS_DP_ATTR_IFINDEX,

	__OVS_DP_ATTR_MAX,
	OVS_DP_ATTR_MAX = (__OVS_DP_ATTR_MAX - 1)
};

enum {
	OVS_DP_CMD_GET = 3,
	OVS_DP_CMD_NEW = 1,
	OVS_DP_CMD_DEL,
	OVS_DP_CMD_SET = 4,
	OVS_DP_CMD_NEW_NTF = 1,
	OVS_DP_CMD_DEL_NTF,
	OVS_DP_CMD_SET_NTF = 4,

	__OVS_DP_CMD_MAX,
	OVS_DP_CMD_MAX = (__OVS_DP_CMD_MAX - 1)
};

#define OVS_DATAPATH_MCGRP_OVS_DATAPATH	"ovs_datapath"

#endif
