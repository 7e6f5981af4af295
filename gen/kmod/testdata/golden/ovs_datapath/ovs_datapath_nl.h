/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by nlkit gen kmod from ovs_datapath.yaml. Do not edit. */
#ifndef NLKIT_OVS_DATAPATH_NL_H
#define NLKIT_OVS_DATAPATH_NL_H

#include "nlkit.h"
#include "uapi/linux/openvswitch.h"

/* The multicast groups, by their place in the family. */
enum ovs_datapath_group {
	OVS_DATAPATH_GROUP_OVS_DATAPATH,
};

/* ---- yours to write, in ovs_datapath_main.c ---- */

/* What get may be sent with. */
struct ovs_datapath_get_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct ovs_header hdr; /* in front of the attributes */
	struct {
		u8 name : 1;
	} has;
	const char *name; /* ends with NUL */
};

/*
 * do get: answers with name, upcall-pid, stats, megaflow-stats, user-features,
 * masks-cache-size and per-cpu-pids.
 */
int ovs_datapath_do_get(struct genl_info *info,
			const struct ovs_datapath_get_req *req,
			struct nlk_msg *reply);

/*
 * dump get: an entry has name, upcall-pid, stats, megaflow-stats,
 * user-features, masks-cache-size and per-cpu-pids.
 */
int ovs_datapath_dump_get(struct nlk_dump *d,
			  const struct ovs_datapath_get_req *req,
			  struct nlk_msg *entry);

/* What new may be sent with. */
struct ovs_datapath_new_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct ovs_header hdr; /* in front of the attributes */
	struct {
		u8 name : 1;
		u8 upcall_pid : 1;
		u8 user_features : 1;
	} has;
	const char *name; /* ends with NUL */
	u32 upcall_pid;
	u32 user_features; /* OVS_DP_F_... */
};

/*
 * do new: answers with an ACK alone. Only for who has CAP_NET_ADMIN in the
 * network's namespace.
 */
int ovs_datapath_do_new(struct genl_info *info,
			const struct ovs_datapath_new_req *req);

/* What del may be sent with. */
struct ovs_datapath_del_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct ovs_header hdr; /* in front of the attributes */
	struct {
		u8 name : 1;
	} has;
	const char *name; /* ends with NUL */
};

/*
 * do del: answers with an ACK alone. Only for who has CAP_NET_ADMIN in the
 * network's namespace.
 */
int ovs_datapath_do_del(struct genl_info *info,
			const struct ovs_datapath_del_req *req);

/* What set may be sent with. */
struct ovs_datapath_set_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct ovs_header hdr; /* in front of the attributes */
	struct {
		u8 name : 1;
		u8 upcall_pid : 1;
		u8 user_features : 1;
		u8 masks_cache_size : 1;
		u8 per_cpu_pids : 1;
	} has;
	const char *name; /* ends with NUL */
	u32 upcall_pid;
	u32 user_features; /* OVS_DP_F_... */
	u32 masks_cache_size;
	struct nlk_bytes per_cpu_pids;
};

/*
 * do set: answers with an ACK alone. Only for who has CAP_NET_ADMIN in the
 * network's namespace.
 */
int ovs_datapath_do_set(struct genl_info *info,
			const struct ovs_datapath_set_req *req);

int ovs_datapath_setup(void); /* before the family is there */
int ovs_datapath_start(void); /* the family is there: requests come in */
void ovs_datapath_stop(void); /* undoes start: requests still come in */
void ovs_datapath_teardown(void); /* undoes setup: the family is gone */

/* ---- what replies and notifications have: yours to call ---- */

/* The fixed header, which is zero where nothing is put. */
static inline void ovs_datapath_put_hdr(struct nlk_msg *m,
					const struct ovs_header *v)
{
	nlk_put_hdr(m, v, sizeof(*v));
}

static inline void ovs_datapath_datapath_put_name(struct nlk_msg *m,
						  const char *v)
{
	nlk_put_string(m, OVS_DP_ATTR_NAME, v);
}

static inline void ovs_datapath_datapath_put_upcall_pid(struct nlk_msg *m,
							u32 v)
{
	nlk_put(m, OVS_DP_ATTR_UPCALL_PID, &v, sizeof(v));
}

static inline void ovs_datapath_datapath_put_stats(struct nlk_msg *m,
						   const struct ovs_dp_stats *v)
{
	nlk_put(m, OVS_DP_ATTR_STATS, v, sizeof(*v));
}

static inline void
ovs_datapath_datapath_put_megaflow_stats(struct nlk_msg *m,
					 const struct ovs_dp_megaflow_stats *v)
{
	nlk_put(m, OVS_DP_ATTR_MEGAFLOW_STATS, v, sizeof(*v));
}

static inline void ovs_datapath_datapath_put_user_features(struct nlk_msg *m,
							   u32 v)
{
	nlk_put(m, OVS_DP_ATTR_USER_FEATURES, &v, sizeof(v));
}

static inline void ovs_datapath_datapath_put_masks_cache_size(struct nlk_msg *m,
							      u32 v)
{
	nlk_put(m, OVS_DP_ATTR_MASKS_CACHE_SIZE, &v, sizeof(v));
}

static inline void ovs_datapath_datapath_put_per_cpu_pids(struct nlk_msg *m,
							  const u32 *v,
							  size_t n)
{
	nlk_put(m, OVS_DP_ATTR_PER_CPU_PIDS, v, n * sizeof(*v));
}

/* ---- notifications: yours to call ---- */

/*
 * Multicasts new-ntf to ovs_datapath; fill puts name, upcall-pid, stats,
 * megaflow-stats, user-features, masks-cache-size and per-cpu-pids.
 */
int ovs_datapath_notify_new_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg);

/* Sends new-ntf to one socket. */
int ovs_datapath_send_new_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg);

/*
 * Multicasts del-ntf to ovs_datapath; fill puts name, upcall-pid, stats,
 * megaflow-stats, user-features, masks-cache-size and per-cpu-pids.
 */
int ovs_datapath_notify_del_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg);

/* Sends del-ntf to one socket. */
int ovs_datapath_send_del_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg);

/*
 * Multicasts set-ntf to ovs_datapath; fill puts name, upcall-pid, stats,
 * megaflow-stats, user-features, masks-cache-size and per-cpu-pids.
 */
int ovs_datapath_notify_set_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg);

/* Sends set-ntf to one socket. */
int ovs_datapath_send_set_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg);

#endif
