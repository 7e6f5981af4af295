/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What handlers of modules made by "nlkit gen kmod" may call: errors, bytes and
 * attributes of requests, messages that are filled without anybody holding an
 * skb, and the place of a dump.
 *
 * Everything here is static: a module has its own copy and depends on no other.
 */
#ifndef NLKIT_H
#define NLKIT_H

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

/* ---- errors ---- */

/*
 * Names the attribute that is missing in nest, or in the request itself if that
 * is NULL. Use it as "return nlk_missing(...)". Its number reaches the sender on
 * kernels that can tell it (6.1); on others a text says what happened.
 */
static inline int nlk_missing(struct netlink_ext_ack *extack,
			      const struct nlattr *nest, u16 type)
{
#ifdef NL_SET_ERR_ATTR_MISS
	NL_SET_ERR_ATTR_MISS(extack, nest, type);
#else
	NL_SET_ERR_MSG_ATTR(extack, nest, "a required attribute is missing");
#endif
	return -EINVAL;
}

/* ---- requests ---- */

/* Bytes inside a request: valid while its handler runs. */
struct nlk_bytes {
	const void *data; /* NULL: not sent */
	u32 len;
};

/* The attributes of a request or of a nest, to walk those that repeat. */
struct nlk_attrs {
	const struct nlattr *head;
	int len;
};

static inline struct nlk_bytes nlk_bytes_of(const struct nlattr *attr)
{
	return (struct nlk_bytes){ nla_data(attr), nla_len(attr) };
}

/* Those in a nest; none in NULL. */
static inline struct nlk_attrs nlk_attrs_in(const struct nlattr *nest)
{
	if (!nest)
		return (struct nlk_attrs){ NULL, 0 };
	return (struct nlk_attrs){ nla_data(nest), nla_len(nest) };
}

/* Each attribute among attrs, in the order sent. */
#define nlk_for_each_entry(it, attrs, rem) \
	nla_for_each_attr(it, (attrs).head, (attrs).len, rem)

/* Each attribute of one number among attrs, in the order sent. */
#define nlk_for_each(it, attrs, type, rem) \
	nlk_for_each_entry(it, attrs, rem) \
		if (nla_type(it) != (type)) {} else

static inline u64 nlk_get_uint(const struct nlattr *attr)
{
	return nla_len(attr) == sizeof(u32) ? nla_get_u32(attr) :
					      nla_get_u64(attr);
}

static inline s64 nlk_get_sint(const struct nlattr *attr)
{
	return nla_len(attr) == sizeof(s32) ? nla_get_s32(attr) :
					      nla_get_s64(attr);
}

/* ---- messages ---- */

#define NLK_MSG_MAX (1024 * 1024) /* bytes: more is refused with EMSGSIZE */
#define NLK_NEST_MAX 16

/*
 * A message being filled. It belongs to the generated code, which allocates,
 * sends and frees it; handlers only put attributes into it. The first error
 * sticks, what is put after it is dropped, and the message is not sent.
 */
struct nlk_msg {
	struct sk_buff *skb;
	u32 start; /* offset of the message in skb */
	u32 nest[NLK_NEST_MAX]; /* offsets: the buffer moves as it grows */
	u8 depth;
	bool fixed; /* others share the buffer, which then does not grow */
	gfp_t gfp;
	int err;
};

/* Room for an attribute with len bytes of data; called by the functions below. */
static inline bool nlk_room(struct nlk_msg *m, size_t len)
{
	size_t need;

	if (m->err)
		return false;
	if (len > U16_MAX - NLA_HDRLEN) {
		m->err = -EMSGSIZE;
		return false;
	}
	need = nla_total_size(len);
	if (m->skb->len - m->start + need > NLK_MSG_MAX) {
		m->err = -EMSGSIZE;
		return false;
	}
	if (skb_tailroom(m->skb) >= need)
		return true;
	if (m->fixed)
		m->err = -EMSGSIZE;
	else
		/* Twice as much, so that many puts move the bytes a few times. */
		m->err = pskb_expand_head(m->skb, 0,
					  max_t(size_t, need, m->skb->len),
					  m->gfp | __GFP_NOWARN);
	return !m->err;
}

static inline void nlk_put(struct nlk_msg *m, int type, const void *data,
			   size_t len)
{
	if (nlk_room(m, len))
		m->err = nla_put(m->skb, type, len, data);
}

/* 64 bits at an address that divides by 8, behind the attribute pad if need be. */
static inline void nlk_put_64bit(struct nlk_msg *m, int type, const void *data,
				 int pad)
{
	/* The pad attribute is one header, at most. */
	if (nlk_room(m, sizeof(u64) + NLA_HDRLEN))
		m->err = nla_put_64bit(m->skb, type, sizeof(u64), data, pad);
}

static inline void nlk_put_string(struct nlk_msg *m, int type, const char *s)
{
	nlk_put(m, type, s, strlen(s) + 1);
}

/* 4 bytes where they do, or else 8. */
static inline void nlk_put_uint(struct nlk_msg *m, int type, u64 v)
{
	u32 v32 = v;

	if (v32 == v)
		nlk_put(m, type, &v32, sizeof(v32));
	else
		nlk_put(m, type, &v, sizeof(v));
}

static inline void nlk_put_sint(struct nlk_msg *m, int type, s64 v)
{
	s32 v32 = v;

	if (v32 == v)
		nlk_put(m, type, &v32, sizeof(v32));
	else
		nlk_put(m, type, &v, sizeof(v));
}

static inline void nlk_put_bitfield32(struct nlk_msg *m, int type, u32 value,
				      u32 selector)
{
	struct nla_bitfield32 v = {
		.value = value & selector,
		.selector = selector,
	};

	nlk_put(m, type, &v, sizeof(v));
}

/* The fixed header, in the place that is kept for it. */
static inline void nlk_put_hdr(struct nlk_msg *m, const void *hdr, size_t len)
{
	if (!m->err)
		memcpy(m->skb->data + m->start + NLMSG_HDRLEN + GENL_HDRLEN,
		       hdr, len);
}

/* Opens a nest; what is put from here on is in it, until nlk_end. */
static inline void nlk_begin(struct nlk_msg *m, int type)
{
	u32 at = m->skb->len;

	if (m->depth == NLK_NEST_MAX)
		m->err = m->err ?: -ELOOP;
	nlk_put(m, type | NLA_F_NESTED, NULL, 0);
	if (!m->err)
		m->nest[m->depth++] = at;
}

/* Closes the innermost nest. */
static inline void nlk_end(struct nlk_msg *m)
{
	struct nlattr *nest;
	u32 len;

	if (m->err)
		return;
	if (WARN_ONCE(!m->depth, "nlk_end without nlk_begin\n")) {
		m->err = -EINVAL;
		return;
	}
	nest = (void *)(m->skb->data + m->nest[--m->depth]);
	len = skb_tail_pointer(m->skb) - (unsigned char *)nest;
	if (len > U16_MAX)
		m->err = -EMSGSIZE;
	else
		nest->nla_len = len;
}

/* ---- notifications ---- */

/*
 * Fills a notification; an error keeps it from being sent. It runs in the
 * context of who notifies, and must not sleep if that must not.
 */
typedef int (*nlk_fill)(struct nlk_msg *m, const void *arg);

/* ---- dumps ---- */

/* Where a dump stands: kept by the kernel between the reader's buffers. */
struct nlk_cursor {
	u64 pos;
	u64 state[2];
	u32 generation; /* of the table, from 1; 0: changes are not told */
	bool ended; /* the generated code's */
};

/* What the handler of a dump gets. */
struct nlk_dump {
	struct nlk_cursor at; /* 0 at first; the handler moves it on */
	struct net *net;
	struct netlink_ext_ack *extack;
	const struct nlmsghdr *nlh;
	u32 portid;
};

#endif
