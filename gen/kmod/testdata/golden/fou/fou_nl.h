/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by nlkit gen kmod from fou.yaml. Do not edit. */
#ifndef NLKIT_FOU_NL_H
#define NLKIT_FOU_NL_H

#include "nlkit.h"
#include "uapi/linux/fou.h"

/* ---- yours to write, in fou_main.c ---- */

/* What add may be sent with. */
struct fou_add_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 port : 1;
		u8 ipproto : 1;
		u8 type : 1;
		u8 local_v4 : 1;
		u8 peer_v4 : 1;
		u8 local_v6 : 1;
		u8 peer_v6 : 1;
		u8 peer_port : 1;
		u8 ifindex : 1;
	} has;
	__be16 port;
	u8 ipproto;
	u8 type;
	bool remcsum_nopartial;
	u32 local_v4;
	u32 peer_v4;
	struct nlk_bytes local_v6;
	struct nlk_bytes peer_v6;
	__be16 peer_port;
	s32 ifindex;
};

/* do add: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int fou_do_add(struct genl_info *info, const struct fou_add_req *req);

/* What del may be sent with. */
struct fou_del_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 af : 1;
		u8 ifindex : 1;
		u8 port : 1;
		u8 peer_port : 1;
		u8 local_v4 : 1;
		u8 peer_v4 : 1;
		u8 local_v6 : 1;
		u8 peer_v6 : 1;
	} has;
	u8 af;
	s32 ifindex;
	__be16 port;
	__be16 peer_port;
	u32 local_v4;
	u32 peer_v4;
	struct nlk_bytes local_v6;
	struct nlk_bytes peer_v6;
};

/* do del: answers with an ACK alone. Only for who has CAP_NET_ADMIN. */
int fou_do_del(struct genl_info *info, const struct fou_del_req *req);

/* What get may be sent with. */
struct fou_get_req {
	struct nlk_attrs attrs; /* all that was sent, in its order */
	struct {
		u8 af : 1;
		u8 ifindex : 1;
		u8 port : 1;
		u8 peer_port : 1;
		u8 local_v4 : 1;
		u8 peer_v4 : 1;
		u8 local_v6 : 1;
		u8 peer_v6 : 1;
	} has;
	u8 af;
	s32 ifindex;
	__be16 port;
	__be16 peer_port;
	u32 local_v4;
	u32 peer_v4;
	struct nlk_bytes local_v6;
	struct nlk_bytes peer_v6;
};

/*
 * do get: answers with port, ipproto, type, remcsum-nopartial, local-v4,
 * peer-v4, local-v6, peer-v6, peer-port and ifindex.
 */
int fou_do_get(struct genl_info *info, const struct fou_get_req *req,
	       struct nlk_msg *reply);

/*
 * dump get: an entry has port, ipproto, type, remcsum-nopartial, local-v4,
 * peer-v4, local-v6, peer-v6, peer-port and ifindex.
 */
int fou_dump_get(struct nlk_dump *d, struct nlk_msg *entry);

int fou_setup(void); /* before the family is there */
int fou_start(void); /* the family is there: requests come in */
void fou_stop(void); /* undoes start: requests still come in */
void fou_teardown(void); /* undoes setup: the family is gone */

/* ---- what replies and notifications have: yours to call ---- */

static inline void fou_put_port(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, FOU_ATTR_PORT, &v, sizeof(v));
}

static inline void fou_put_ipproto(struct nlk_msg *m, u8 v)
{
	nlk_put(m, FOU_ATTR_IPPROTO, &v, sizeof(v));
}

static inline void fou_put_type(struct nlk_msg *m, u8 v)
{
	nlk_put(m, FOU_ATTR_TYPE, &v, sizeof(v));
}

static inline void fou_put_remcsum_nopartial(struct nlk_msg *m)
{
	nlk_put(m, FOU_ATTR_REMCSUM_NOPARTIAL, NULL, 0);
}

static inline void fou_put_local_v4(struct nlk_msg *m, u32 v)
{
	nlk_put(m, FOU_ATTR_LOCAL_V4, &v, sizeof(v));
}

static inline void fou_put_local_v6(struct nlk_msg *m, const void *v,
				    size_t len)
{
	nlk_put(m, FOU_ATTR_LOCAL_V6, v, len);
}

static inline void fou_put_peer_v4(struct nlk_msg *m, u32 v)
{
	nlk_put(m, FOU_ATTR_PEER_V4, &v, sizeof(v));
}

static inline void fou_put_peer_v6(struct nlk_msg *m, const void *v, size_t len)
{
	nlk_put(m, FOU_ATTR_PEER_V6, v, len);
}

static inline void fou_put_peer_port(struct nlk_msg *m, __be16 v)
{
	nlk_put(m, FOU_ATTR_PEER_PORT, &v, sizeof(v));
}

static inline void fou_put_ifindex(struct nlk_msg *m, s32 v)
{
	nlk_put(m, FOU_ATTR_IFINDEX, &v, sizeof(v));
}

#endif
