/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by nlkit gen kmod from team.yaml. Do not edit. */
#ifndef NLKIT_TEAM_NL_H
#define NLKIT_TEAM_NL_H

#include "nlkit.h"
#include "uapi/linux/if_team.h"

/* The multicast groups, by their place in the family. */
enum team_group {
	TEAM_GROUP_CHANGE_EVENT,
};

/* ---- yours to write, in team_main.c ---- */

/* do noop: answers with team-ifindex. */
int team_do_noop(struct genl_info *info, struct nlk_msg *reply);

/* What options-set may be sent with. */
struct team_options_set_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 team_ifindex : 1;
		u8 list_option : 1;
	} has;
	u32 team_ifindex;
	const struct nlattr *list_option; /* team_item_option_read */
};

/* do options-set: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int team_do_options_set(struct genl_info *info,
			const struct team_options_set_req *req);

/* What options-get may be sent with. */
struct team_options_get_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 team_ifindex : 1;
	} has;
	u32 team_ifindex;
};

/*
 * do options-get: answers with team-ifindex and list-option. Only for who has
 * CAP_NET_ADMIN.
 */
int team_do_options_get(struct genl_info *info,
			const struct team_options_get_req *req,
			struct nlk_msg *reply);

/* What port-list-get may be sent with. */
struct team_port_list_get_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 team_ifindex : 1;
	} has;
	u32 team_ifindex;
};

/*
 * do port-list-get: answers with team-ifindex and list-port. Only for who has
 * CAP_NET_ADMIN.
 */
int team_do_port_list_get(struct genl_info *info,
			  const struct team_port_list_get_req *req,
			  struct nlk_msg *reply);

int team_setup(void); /* before the family is there */
int team_start(void); /* the family is there: requests come in */
void team_stop(void); /* undoes start: requests still come in */
void team_teardown(void); /* undoes setup: the family is gone */

/* ---- nests in requests: yours to call ---- */

/* What is in a nest of the set attr-option. */
struct team_attr_option {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 name : 1;
		u8 type : 1;
		u8 data : 1;
		u8 port_ifindex : 1;
		u8 array_index : 1;
	} has;
	struct nlk_bytes name; /* text, which need not end with NUL */
	bool changed;
	u8 type;
	struct nlk_bytes data;
	bool removed;
	u32 port_ifindex;
	u32 array_index;
};

/* Reads one; of NULL nothing is there. */
int __must_check team_attr_option_read(struct team_attr_option *out,
				       const struct nlattr *nest,
				       struct netlink_ext_ack *extack);

/* What is in a nest of the set item-option. */
struct team_item_option {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	/* option repeats: team_item_option_for_each_option */
};

/* Reads one; of NULL nothing is there. */
int __must_check team_item_option_read(struct team_item_option *out,
				       const struct nlattr *nest,
				       struct netlink_ext_ack *extack);

/* ---- what repeats in requests: yours to call ---- */

/*
 * Each option among attrs_, in the order sent. team_attr_option_read reads it.
 */
#define team_item_option_for_each_option(it, attrs_, rem) \
	nlk_for_each(it, attrs_, TEAM_ATTR_ITEM_OPTION, rem)

/* ---- what replies and notifications have: yours to call ---- */

static inline void team_put_team_ifindex(struct nlk_msg *m, u32 v)
{
	nlk_put(m, TEAM_ATTR_TEAM_IFINDEX, &v, sizeof(v));
}

/* Opens list-option; nlk_end closes it. */
static inline void team_begin_list_option(struct nlk_msg *m)
{
	nlk_begin(m, TEAM_ATTR_LIST_OPTION);
}

/* Opens list-port; nlk_end closes it. */
static inline void team_begin_list_port(struct nlk_msg *m)
{
	nlk_begin(m, TEAM_ATTR_LIST_PORT);
}

/* Opens option; nlk_end closes it. */
static inline void team_item_option_begin_option(struct nlk_msg *m)
{
	nlk_begin(m, TEAM_ATTR_ITEM_OPTION);
}

static inline void team_attr_option_put_name(struct nlk_msg *m, const void *v,
					     size_t len)
{
	nlk_put(m, TEAM_ATTR_OPTION_NAME, v, len);
}

static inline void team_attr_option_put_changed(struct nlk_msg *m)
{
	nlk_put(m, TEAM_ATTR_OPTION_CHANGED, NULL, 0);
}

static inline void team_attr_option_put_type(struct nlk_msg *m, u8 v)
{
	nlk_put(m, TEAM_ATTR_OPTION_TYPE, &v, sizeof(v));
}

static inline void team_attr_option_put_data(struct nlk_msg *m, const void *v,
					     size_t len)
{
	nlk_put(m, TEAM_ATTR_OPTION_DATA, v, len);
}

static inline void team_attr_option_put_removed(struct nlk_msg *m)
{
	nlk_put(m, TEAM_ATTR_OPTION_REMOVED, NULL, 0);
}

static inline void team_attr_option_put_port_ifindex(struct nlk_msg *m, u32 v)
{
	nlk_put(m, TEAM_ATTR_OPTION_PORT_IFINDEX, &v, sizeof(v));
}

static inline void team_attr_option_put_array_index(struct nlk_msg *m, u32 v)
{
	nlk_put(m, TEAM_ATTR_OPTION_ARRAY_INDEX, &v, sizeof(v));
}

/* Opens port; nlk_end closes it. */
static inline void team_item_port_begin_port(struct nlk_msg *m)
{
	nlk_begin(m, TEAM_ATTR_ITEM_PORT);
}

static inline void team_attr_port_put_ifindex(struct nlk_msg *m, u32 v)
{
	nlk_put(m, TEAM_ATTR_PORT_IFINDEX, &v, sizeof(v));
}

static inline void team_attr_port_put_changed(struct nlk_msg *m)
{
	nlk_put(m, TEAM_ATTR_PORT_CHANGED, NULL, 0);
}

static inline void team_attr_port_put_linkup(struct nlk_msg *m)
{
	nlk_put(m, TEAM_ATTR_PORT_LINKUP, NULL, 0);
}

static inline void team_attr_port_put_speed(struct nlk_msg *m, u32 v)
{
	nlk_put(m, TEAM_ATTR_PORT_SPEED, &v, sizeof(v));
}

static inline void team_attr_port_put_duplex(struct nlk_msg *m, u8 v)
{
	nlk_put(m, TEAM_ATTR_PORT_DUPLEX, &v, sizeof(v));
}

static inline void team_attr_port_put_removed(struct nlk_msg *m)
{
	nlk_put(m, TEAM_ATTR_PORT_REMOVED, NULL, 0);
}

/* ---- notifications: yours to call ---- */

/*
 * Multicasts options-ntf to change_event; fill puts team-ifindex and
 * list-option.
 */
int team_notify_options_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			    const void *arg);

/* Sends options-ntf to one socket. */
int team_send_options_ntf(struct net *net, u32 portid, gfp_t gfp, nlk_fill fill,
			  const void *arg);

/*
 * Multicasts port-list-ntf to change_event; fill puts team-ifindex and
 * list-port.
 */
int team_notify_port_list_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			      const void *arg);

/* Sends port-list-ntf to one socket. */
int team_send_port_list_ntf(struct net *net, u32 portid, gfp_t gfp,
			    nlk_fill fill, const void *arg);

#endif
