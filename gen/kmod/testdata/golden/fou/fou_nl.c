// SPDX-License-Identifier: GPL-2.0-only
/* Made by nlkit gen kmod from fou.yaml. Do not edit. */
#include <linux/slab.h>

#include "nlkit_core.h"
#include "fou_nl.h"

/* ---- operations ---- */

static struct genl_family fou_family;

static const struct nla_policy fou_add_policy[FOU_ATTR_IFINDEX + 1] = {
	[FOU_ATTR_PORT] = { .type = NLK_BE16, },
	[FOU_ATTR_AF] = { .type = NLA_U8, },
	[FOU_ATTR_IPPROTO] = NLA_POLICY_MIN(NLA_U8, 1),
	[FOU_ATTR_TYPE] = { .type = NLA_U8, },
	[FOU_ATTR_REMCSUM_NOPARTIAL] = { .type = NLA_FLAG, },
	[FOU_ATTR_LOCAL_V4] = { .type = NLA_U32, },
	[FOU_ATTR_LOCAL_V6] = NLA_POLICY_EXACT_LEN(16),
	[FOU_ATTR_PEER_V4] = { .type = NLA_U32, },
	[FOU_ATTR_PEER_V6] = NLA_POLICY_EXACT_LEN(16),
	[FOU_ATTR_PEER_PORT] = { .type = NLK_BE16, },
	[FOU_ATTR_IFINDEX] = { .type = NLA_S32, },
};

static int fou_add_req_read(struct fou_add_req *req, const struct nlmsghdr *nlh,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case FOU_ATTR_PORT:
			req->has.port = true;
			req->port = nla_get_be16(attr);
			break;
		case FOU_ATTR_IPPROTO:
			req->has.ipproto = true;
			req->ipproto = nla_get_u8(attr);
			break;
		case FOU_ATTR_TYPE:
			req->has.type = true;
			req->type = nla_get_u8(attr);
			break;
		case FOU_ATTR_REMCSUM_NOPARTIAL:
			req->remcsum_nopartial = true;
			break;
		case FOU_ATTR_LOCAL_V4:
			req->has.local_v4 = true;
			req->local_v4 = nla_get_u32(attr);
			break;
		case FOU_ATTR_PEER_V4:
			req->has.peer_v4 = true;
			req->peer_v4 = nla_get_u32(attr);
			break;
		case FOU_ATTR_LOCAL_V6:
			req->has.local_v6 = true;
			req->local_v6 = nlk_bytes_of(attr);
			break;
		case FOU_ATTR_PEER_V6:
			req->has.peer_v6 = true;
			req->peer_v6 = nlk_bytes_of(attr);
			break;
		case FOU_ATTR_PEER_PORT:
			req->has.peer_port = true;
			req->peer_port = nla_get_be16(attr);
			break;
		case FOU_ATTR_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_s32(attr);
			break;
		}
	}
	return 0;
}

static int fou_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fou_add_req req;
	int ret;

	ret = fou_add_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return fou_do_add(info, &req);
}

static const struct nla_policy fou_del_policy[FOU_ATTR_IFINDEX + 1] = {
	[FOU_ATTR_PORT] = { .type = NLK_BE16, },
	[FOU_ATTR_AF] = { .type = NLA_U8, },
	[FOU_ATTR_IPPROTO] = NLA_POLICY_MIN(NLA_U8, 1),
	[FOU_ATTR_TYPE] = { .type = NLA_U8, },
	[FOU_ATTR_REMCSUM_NOPARTIAL] = { .type = NLA_FLAG, },
	[FOU_ATTR_LOCAL_V4] = { .type = NLA_U32, },
	[FOU_ATTR_LOCAL_V6] = NLA_POLICY_EXACT_LEN(16),
	[FOU_ATTR_PEER_V4] = { .type = NLA_U32, },
	[FOU_ATTR_PEER_V6] = NLA_POLICY_EXACT_LEN(16),
	[FOU_ATTR_PEER_PORT] = { .type = NLK_BE16, },
	[FOU_ATTR_IFINDEX] = { .type = NLA_S32, },
};

static int fou_del_req_read(struct fou_del_req *req, const struct nlmsghdr *nlh,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case FOU_ATTR_AF:
			req->has.af = true;
			req->af = nla_get_u8(attr);
			break;
		case FOU_ATTR_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_s32(attr);
			break;
		case FOU_ATTR_PORT:
			req->has.port = true;
			req->port = nla_get_be16(attr);
			break;
		case FOU_ATTR_PEER_PORT:
			req->has.peer_port = true;
			req->peer_port = nla_get_be16(attr);
			break;
		case FOU_ATTR_LOCAL_V4:
			req->has.local_v4 = true;
			req->local_v4 = nla_get_u32(attr);
			break;
		case FOU_ATTR_PEER_V4:
			req->has.peer_v4 = true;
			req->peer_v4 = nla_get_u32(attr);
			break;
		case FOU_ATTR_LOCAL_V6:
			req->has.local_v6 = true;
			req->local_v6 = nlk_bytes_of(attr);
			break;
		case FOU_ATTR_PEER_V6:
			req->has.peer_v6 = true;
			req->peer_v6 = nlk_bytes_of(attr);
			break;
		}
	}
	return 0;
}

static int fou_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fou_del_req req;
	int ret;

	ret = fou_del_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return fou_do_del(info, &req);
}

static const struct nla_policy fou_get_policy[FOU_ATTR_IFINDEX + 1] = {
	[FOU_ATTR_PORT] = { .type = NLK_BE16, },
	[FOU_ATTR_AF] = { .type = NLA_U8, },
	[FOU_ATTR_IPPROTO] = NLA_POLICY_MIN(NLA_U8, 1),
	[FOU_ATTR_TYPE] = { .type = NLA_U8, },
	[FOU_ATTR_REMCSUM_NOPARTIAL] = { .type = NLA_FLAG, },
	[FOU_ATTR_LOCAL_V4] = { .type = NLA_U32, },
	[FOU_ATTR_LOCAL_V6] = NLA_POLICY_EXACT_LEN(16),
	[FOU_ATTR_PEER_V4] = { .type = NLA_U32, },
	[FOU_ATTR_PEER_V6] = NLA_POLICY_EXACT_LEN(16),
	[FOU_ATTR_PEER_PORT] = { .type = NLK_BE16, },
	[FOU_ATTR_IFINDEX] = { .type = NLA_S32, },
};

static int fou_get_req_read(struct fou_get_req *req, const struct nlmsghdr *nlh,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case FOU_ATTR_AF:
			req->has.af = true;
			req->af = nla_get_u8(attr);
			break;
		case FOU_ATTR_IFINDEX:
			req->has.ifindex = true;
			req->ifindex = nla_get_s32(attr);
			break;
		case FOU_ATTR_PORT:
			req->has.port = true;
			req->port = nla_get_be16(attr);
			break;
		case FOU_ATTR_PEER_PORT:
			req->has.peer_port = true;
			req->peer_port = nla_get_be16(attr);
			break;
		case FOU_ATTR_LOCAL_V4:
			req->has.local_v4 = true;
			req->local_v4 = nla_get_u32(attr);
			break;
		case FOU_ATTR_PEER_V4:
			req->has.peer_v4 = true;
			req->peer_v4 = nla_get_u32(attr);
			break;
		case FOU_ATTR_LOCAL_V6:
			req->has.local_v6 = true;
			req->local_v6 = nlk_bytes_of(attr);
			break;
		case FOU_ATTR_PEER_V6:
			req->has.peer_v6 = true;
			req->peer_v6 = nlk_bytes_of(attr);
			break;
		}
	}
	return 0;
}

static int fou_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fou_get_req req;
	struct nlk_msg reply;
	int ret;

	ret = fou_get_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &fou_family, info, FOU_CMD_GET);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info, fou_do_get(info, &req, &reply));
}

static int fou_get_dump_start(struct netlink_callback *cb)
{
	return nlk_validate(cb->nlh, 0, FOU_ATTR_IFINDEX, fou_get_policy,
			    NL_VALIDATE_LIBERAL, cb->extack);
}

static int fou_get_dump_entry(struct nlk_dump *d, const void *req,
			      struct nlk_msg *entry)
{
	return fou_dump_get(d, entry);
}

static int fou_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return nlk_dump_run(skb, cb, &fou_family, FOU_CMD_GET,
			    fou_get_dump_entry, NULL);
}

#if NLK_SPLIT_OPS
static const struct genl_split_ops fou_ops[] = {
	{
		.cmd		= FOU_CMD_ADD,
		.doit		= fou_add_doit,
		.policy		= fou_add_policy,
		.maxattr	= FOU_ATTR_IFINDEX,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= FOU_CMD_DEL,
		.doit		= fou_del_doit,
		.policy		= fou_del_policy,
		.maxattr	= FOU_ATTR_IFINDEX,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= FOU_CMD_GET,
		.doit		= fou_get_doit,
		.policy		= fou_get_policy,
		.maxattr	= FOU_ATTR_IFINDEX,
		.flags		= GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= FOU_CMD_GET,
		.start		= fou_get_dump_start,
		.dumpit		= fou_get_dumpit,
		.policy		= fou_get_policy,
		.maxattr	= FOU_ATTR_IFINDEX,
		.flags		= GENL_CMD_CAP_DUMP,
		.validate	= GENL_DONT_VALIDATE_DUMP,
	},
};
#else
static const struct genl_ops fou_ops[] = {
	{
		.cmd		= FOU_CMD_ADD,
		.doit		= fou_add_doit,
		.policy		= fou_add_policy,
		.maxattr	= FOU_ATTR_IFINDEX,
		.flags		= GENL_ADMIN_PERM,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= FOU_CMD_DEL,
		.doit		= fou_del_doit,
		.policy		= fou_del_policy,
		.maxattr	= FOU_ATTR_IFINDEX,
		.flags		= GENL_ADMIN_PERM,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= FOU_CMD_GET,
		.doit		= fou_get_doit,
		.start		= fou_get_dump_start,
		.dumpit		= fou_get_dumpit,
		.policy		= fou_get_policy,
		.maxattr	= FOU_ATTR_IFINDEX,
		.validate	= GENL_DONT_VALIDATE_STRICT |
				  GENL_DONT_VALIDATE_DUMP,
	},
};
#endif

/* ---- the family ---- */

static struct genl_family fou_family __ro_after_init = {
	.name		= FOU_GENL_NAME,
	.version	= FOU_GENL_VERSION,
	.netnsok	= true,
	.module		= THIS_MODULE,
#if NLK_SPLIT_OPS
	.split_ops	= fou_ops,
	.n_split_ops	= ARRAY_SIZE(fou_ops),
#else
	.ops		= fou_ops,
	.n_ops		= ARRAY_SIZE(fou_ops),
#endif
	NLK_RESV_START_OP(FOU_CMD_GET + 1)
};

MODULE_ALIAS_GENL_FAMILY(FOU_GENL_NAME);

static int __init fou_nl_init(void)
{
	int ret;

	ret = fou_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&fou_family);
	if (ret)
		goto teardown;
	ret = fou_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&fou_family);
teardown:
	fou_teardown();
	return ret;
}
module_init(fou_nl_init);

static void __exit fou_nl_exit(void)
{
	fou_stop();
	genl_unregister_family(&fou_family);
	fou_teardown();
}
module_exit(fou_nl_exit);
