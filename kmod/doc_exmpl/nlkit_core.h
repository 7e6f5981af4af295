/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What generated code of modules made by "nlkit gen kmod" shares, and nobody else
 * calls: the differences between kernels from 5.10 to today's, checks that
 * policies have no form for, and who owns messages and dumps.
 */
#ifndef NLKIT_CORE_H
#define NLKIT_CORE_H

#include <linux/version.h>

#include "nlkit.h"

/* ---- differences between kernels ---- */

/* Operations that tell do from dump, each with a policy of its own: 6.2. */
#define NLK_SPLIT_OPS (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0))

/* Integers of 32 or 64 bits, as the sender likes: 6.7. */
#define NLK_HAVE_UINT (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0))

/* Commands below this one may be checked less than strictly: asked for by 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
#define NLK_RESV_START_OP(cmd) .resv_start_op = (cmd),
#else
#define NLK_RESV_START_OP(cmd)
#endif

/* Big-endian integers have types of their own in policies since 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
#define NLK_BE16 NLA_BE16
#define NLK_BE32 NLA_BE32
#else
#define NLK_BE16 NLA_U16
#define NLK_BE32 NLA_U32
#endif

/*
 * Types of unsigned integers that a function checks. Asked for such a policy (by
 * anybody, or to answer an error), kernels before 7.2 take the function's address
 * for a least value and warn that it is negative. A signed type of the same width
 * is checked alike, and told without that.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
#define NLK_FN_U8 NLA_U8
#define NLK_FN_U16 NLA_U16
#define NLK_FN_U32 NLA_U32
#define NLK_FN_U64 NLA_U64
#define NLK_FN_UINT NLA_UINT
#else
#define NLK_FN_U8 NLA_S8
#define NLK_FN_U16 NLA_S16
#define NLK_FN_U32 NLA_S32
#define NLK_FN_U64 NLA_S64
#define NLK_FN_UINT NLA_SINT
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
#define NLK_FN_BE16 NLA_BE16
#define NLK_FN_BE32 NLA_BE32
#else
#define NLK_FN_BE16 NLA_S16
#define NLK_FN_BE32 NLA_S32
#endif

/* A policy of NLA_UINT or NLA_SINT, or what checks one where those are not known. */
#if NLK_HAVE_UINT
#define NLK_POLICY_UINT(fn, ...) __VA_ARGS__
#else
#define NLK_POLICY_UINT(fn, ...) NLA_POLICY_VALIDATE_FN(NLA_BINARY, fn)
#endif

/* A policy's range, which could not be const before 6.7. */
#define NLK_RANGE(range) ((void *)&(range))

/* A group that only CAP_NET_ADMIN in the network's namespace may join: 5.12. */
#ifdef GENL_MCAST_CAP_NET_ADMIN
#define NLK_GROUP_UNS_ADMIN .flags = GENL_MCAST_CAP_NET_ADMIN,
#else
#define NLK_GROUP_UNS_ADMIN .flags = GENL_UNS_ADMIN_PERM,
#endif

/* ---- checks ---- */

/* What policies say of a value, for checks that they have no form for. */

static inline int nlk_bad_length(const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, attr, "invalid attribute length");
	return -EINVAL;
}

static inline int nlk_out_of_range(const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, attr, "integer out of range");
	return -ERANGE;
}

static inline int nlk_bad_bits(const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, attr, "reserved bit set");
	return -EINVAL;
}

static inline int nlk_bad_enum(const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, attr, "invalid enum value");
	return -EINVAL;
}

/* Those of a request, behind a fixed header of hdrsize bytes. */
static inline struct nlk_attrs nlk_attrs_of(const struct nlmsghdr *nlh,
					    unsigned int hdrsize)
{
	return (struct nlk_attrs){
		nlmsg_attrdata(nlh, GENL_HDRLEN + hdrsize),
		nlmsg_attrlen(nlh, GENL_HDRLEN + hdrsize),
	};
}

/* The fixed header of a request. */
static inline const void *nlk_hdr(const struct nlmsghdr *nlh)
{
	return (const u8 *)nlmsg_data(nlh) + GENL_HDRLEN;
}

/* The policy of a request that may have no attribute. */
#define NLK_NO_ATTRS 1
static const struct nla_policy __maybe_unused nlk_no_attrs[NLK_NO_ATTRS + 1] = {
	[NLK_NO_ATTRS] = {
		.type		= NLA_REJECT,
		.reject_message	= "Unknown attribute type",
	},
};

/*
 * Checks a request where the kernel has not: before 6.2 a command has one policy
 * for do and dump, which is the two in one where they differ.
 */
static inline int nlk_validate(const struct nlmsghdr *nlh, unsigned int hdrsize,
			       int maxattr, const struct nla_policy *policy,
			       unsigned int how, struct netlink_ext_ack *extack)
{
	struct nlk_attrs a = nlk_attrs_of(nlh, hdrsize);

	return __nla_validate(a.head, a.len, maxattr, policy, how, extack);
}

/* An integer of 32 or 64 bits. */
static inline int nlk_check_uint(const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	if (nla_len(attr) != sizeof(u32) && nla_len(attr) != sizeof(u64))
		return nlk_bad_length(attr, extack);
	return 0;
}

/* An array whose entries have size bytes each. */
static inline int nlk_check_entries(const struct nlattr *array, int size,
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *it;
	int rem;

	nla_for_each_nested(it, array, rem)
		if (nla_len(it) != size)
			return nlk_bad_length(it, extack);
	return 0;
}

/* An array of integers of 32 or 64 bits. */
static inline int nlk_check_uints(const struct nlattr *array,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *it;
	int rem;

	nla_for_each_nested(it, array, rem)
		if (nlk_check_uint(it, extack))
			return -EINVAL;
	return 0;
}

/* An array of texts, each of which ends with NUL. */
static inline int nlk_check_strings(const struct nlattr *array,
				    struct netlink_ext_ack *extack)
{
	const struct nlattr *it;
	int rem;

	nla_for_each_nested(it, array, rem)
		if (!memchr(nla_data(it), 0, nla_len(it)))
			return nlk_bad_length(it, extack);
	return 0;
}

/* Nests in each other, whose types are values: the innermost has a policy. */
static inline int nlk_check_nests(const struct nlattr *nest, int levels,
				  int maxattr, const struct nla_policy *policy,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *it;
	int rem, ret = 0;

	nla_for_each_nested(it, nest, rem) {
		if (levels > 1)
			ret = nlk_check_nests(it, levels - 1, maxattr, policy,
					      extack);
		else if (policy)
			ret = __nla_validate(nla_data(it), nla_len(it), maxattr,
					     policy, NL_VALIDATE_STRICT,
					     extack);
		if (ret)
			return ret;
	}
	return 0;
}

/* ---- messages ---- */

/* Begins a message behind what is in skb, which stays the caller's. */
static inline int nlk_msg_begin(struct nlk_msg *m, struct sk_buff *skb,
				const struct genl_family *family, u32 portid,
				u32 seq, int flags, u8 cmd, gfp_t gfp)
{
	void *hdr;

	m->skb = skb;
	m->start = skb->len;
	m->depth = 0;
	m->fixed = m->start > 0;
	m->gfp = gfp;
	m->err = 0;
	hdr = genlmsg_put(skb, portid, seq, family, flags, cmd);
	if (hdr)
		memset(hdr, 0, family->hdrsize);
	else
		m->err = -EMSGSIZE;
	return m->err;
}

/* Ends the message that its handler returned ret for; tells if it is good. */
static inline int nlk_msg_end(struct nlk_msg *m, int ret)
{
	struct nlmsghdr *nlh;

	if (ret < 0)
		return ret;
	if (m->err)
		return m->err;
	if (WARN_ONCE(m->depth, "nlk_begin without nlk_end\n"))
		return -EINVAL;
	nlh = (void *)(m->skb->data + m->start);
	nlh->nlmsg_len = m->skb->len - m->start;
	return 0;
}

/* A message in a buffer of its own, which nlk_msg_end or an error ends. */
static inline int nlk_msg_new(struct nlk_msg *m,
			      const struct genl_family *family, u32 portid,
			      u32 seq, u8 cmd, gfp_t gfp)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, gfp);

	if (!skb)
		return -ENOMEM;
	/* Cannot fail: the buffer is new. */
	return nlk_msg_begin(m, skb, family, portid, seq, 0, cmd, gfp);
}

/* ---- replies ---- */

static inline int nlk_reply_begin(struct nlk_msg *m,
				  const struct genl_family *family,
				  const struct genl_info *info, u8 cmd)
{
	return nlk_msg_new(m, family, info->snd_portid, info->snd_seq, cmd,
			   GFP_KERNEL);
}

/* Sends the reply to who asked, or frees it. The skb is gone after this. */
static inline int nlk_reply_end(struct nlk_msg *m, struct genl_info *info,
				int ret)
{
	ret = nlk_msg_end(m, ret);
	if (ret) {
		nlmsg_free(m->skb);
		return ret;
	}
	return genlmsg_reply(m->skb, info);
}

/* ---- notifications ---- */

/* A notification, or an ERR_PTR. */
static inline struct sk_buff *nlk_event(const struct genl_family *family,
					u32 portid, u8 cmd, gfp_t gfp,
					nlk_fill fill, const void *arg)
{
	struct nlk_msg m;
	int ret;

	ret = nlk_msg_new(&m, family, portid, 0, cmd, gfp);
	if (ret)
		return ERR_PTR(ret);
	ret = nlk_msg_end(&m, fill ? fill(&m, arg) : 0);
	if (ret) {
		nlmsg_free(m.skb);
		return ERR_PTR(ret);
	}
	return m.skb;
}

/*
 * Multicasts to a group of the family. That nobody listens is no error, and
 * fill is then not even called.
 */
static inline int nlk_multicast(const struct genl_family *family,
				struct net *net, unsigned int group, u8 cmd,
				gfp_t gfp, nlk_fill fill, const void *arg)
{
	struct sk_buff *skb;
	int ret;

	if (!genl_has_listeners(family, net, group))
		return 0;
	skb = nlk_event(family, 0, cmd, gfp, fill, arg);
	if (IS_ERR(skb))
		return PTR_ERR(skb);
	ret = genlmsg_multicast_netns(family, net, skb, 0, group, gfp);
	return ret == -ESRCH ? 0 : ret; /* the last listener has just left */
}

/* Sends to one socket, which has not asked. */
static inline int nlk_unicast(const struct genl_family *family,
			      struct net *net, u32 portid, u8 cmd, gfp_t gfp,
			      nlk_fill fill, const void *arg)
{
	struct sk_buff *skb = nlk_event(family, portid, cmd, gfp, fill, arg);

	if (IS_ERR(skb))
		return PTR_ERR(skb);
	return genlmsg_unicast(net, skb, portid);
}

/* ---- dumps ---- */

/*
 * One entry of a dump: 1 if it was put into m, 0 if there is none left, or an
 * error. It is called again with the same place where an entry did not fit, or
 * where others have to be sent before an error is.
 */
typedef int (*nlk_entry)(struct nlk_dump *d, const void *req,
			 struct nlk_msg *m);

/* The place of a dump. */
static inline struct nlk_cursor *nlk_cursor_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct nlk_cursor) > sizeof(cb->ctx));
	return (void *)cb->ctx;
}

static inline struct nlk_dump nlk_dump_of(struct netlink_callback *cb)
{
	return (struct nlk_dump){
		.at = *nlk_cursor_of(cb),
		.net = sock_net(cb->skb->sk),
		.extack = cb->extack,
		.nlh = cb->nlh,
		.portid = NETLINK_CB(cb->skb).portid,
	};
}

/* Begins a dump with a hook of the module. */
static inline int nlk_dump_start(struct netlink_callback *cb,
				 int (*hook)(struct nlk_dump *d))
{
	struct nlk_dump d = nlk_dump_of(cb);
	int ret;

	ret = hook(&d);
	*nlk_cursor_of(cb) = d.at;
	return ret;
}

/* Ends a dump with a hook of the module. */
static inline void nlk_dump_done(struct netlink_callback *cb,
				 void (*hook)(struct nlk_dump *d))
{
	struct nlk_dump d = nlk_dump_of(cb);

	hook(&d);
}

/* Fills a buffer of a dump. */
static inline int nlk_dump_run(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct genl_family *family, u8 cmd,
			       nlk_entry entry, const void *req)
{
	struct nlk_cursor *saved = nlk_cursor_of(cb);
	struct nlk_dump d = nlk_dump_of(cb);
	struct nlk_msg m;
	int ret;

	while (!saved->ended) {
		d.at = *saved;
		ret = nlk_msg_begin(&m, skb, family, d.portid,
				    cb->nlh->nlmsg_seq, NLM_F_MULTI, cmd,
				    GFP_KERNEL);
		if (!ret)
			ret = entry(&d, req, &m);
		if (ret > 0)
			ret = nlk_msg_end(&m, 0) ?: 1;
		if (ret > 0) {
			cb->seq = d.at.generation;
			nl_dump_check_consistent(cb, (void *)(skb->data +
							      m.start));
			*saved = d.at;
			continue;
		}
		skb_trim(skb, m.start);
		if (ret == 0) {
			/* What was left may have gone: the end tells that too. */
			cb->seq = d.at.generation;
			d.at.ended = true;
			*saved = d.at;
		} else if (!skb->len) {
			return ret;
		}
		/* Otherwise what there is goes out, and this entry comes again. */
		break;
	}
	return skb->len;
}

#endif
