// SPDX-License-Identifier: GPL-2.0-only
/* Made by nlkit gen kmod from team.yaml. Do not edit. */
#include <linux/slab.h>

#include "nlkit_core.h"
#include "team_nl.h"

/* ---- policies of nests ---- */

static const struct nla_policy team_attr_option_policy[TEAM_ATTR_OPTION_ARRAY_INDEX + 1] = {
	[TEAM_ATTR_OPTION_NAME] = { .type = NLA_STRING, .len = TEAM_STRING_MAX_LEN, },
	[TEAM_ATTR_OPTION_CHANGED] = { .type = NLA_FLAG, },
	[TEAM_ATTR_OPTION_TYPE] = { .type = NLA_U8, },
	[TEAM_ATTR_OPTION_DATA] = { .type = NLA_BINARY, },
	[TEAM_ATTR_OPTION_REMOVED] = { .type = NLA_FLAG, },
	[TEAM_ATTR_OPTION_PORT_IFINDEX] = { .type = NLA_U32, },
	[TEAM_ATTR_OPTION_ARRAY_INDEX] = { .type = NLA_U32, },
};

static const struct nla_policy team_item_option_policy[TEAM_ATTR_ITEM_OPTION + 1] = {
	[TEAM_ATTR_ITEM_OPTION] = NLA_POLICY_NESTED(team_attr_option_policy),
};

/* ---- nests ---- */

int team_attr_option_read(struct team_attr_option *out,
			  const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	nlk_for_each_entry(attr, out->attrs, rem) {
		switch (nla_type(attr)) {
		case TEAM_ATTR_OPTION_NAME:
			out->has.name = true;
			out->name = nlk_bytes_of(attr);
			break;
		case TEAM_ATTR_OPTION_CHANGED:
			out->changed = true;
			break;
		case TEAM_ATTR_OPTION_TYPE:
			out->has.type = true;
			out->type = nla_get_u8(attr);
			break;
		case TEAM_ATTR_OPTION_DATA:
			out->has.data = true;
			out->data = nlk_bytes_of(attr);
			break;
		case TEAM_ATTR_OPTION_REMOVED:
			out->removed = true;
			break;
		case TEAM_ATTR_OPTION_PORT_IFINDEX:
			out->has.port_ifindex = true;
			out->port_ifindex = nla_get_u32(attr);
			break;
		case TEAM_ATTR_OPTION_ARRAY_INDEX:
			out->has.array_index = true;
			out->array_index = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

int team_item_option_read(struct team_item_option *out,
			  const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	memset(out, 0, sizeof(*out));
	out->attrs = nlk_attrs_in(nest);
	return 0;
}

/* ---- operations ---- */

static struct genl_family team_family;

static const struct nla_policy team_noop_policy[TEAM_ATTR_LIST_OPTION + 1] = {
	[TEAM_ATTR_TEAM_IFINDEX] = { .type = NLA_U32, },
	[TEAM_ATTR_LIST_OPTION] = NLA_POLICY_NESTED(team_item_option_policy),
};

static int team_noop_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlk_msg reply;
	int ret;

	ret = nlk_reply_begin(&reply, &team_family, info, TEAM_CMD_NOOP);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info, team_do_noop(info, &reply));
}

static const struct nla_policy team_options_set_policy[TEAM_ATTR_LIST_OPTION + 1] = {
	[TEAM_ATTR_TEAM_IFINDEX] = { .type = NLA_U32, },
	[TEAM_ATTR_LIST_OPTION] = NLA_POLICY_NESTED(team_item_option_policy),
};

static int team_options_set_req_read(struct team_options_set_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case TEAM_ATTR_TEAM_IFINDEX:
			req->has.team_ifindex = true;
			req->team_ifindex = nla_get_u32(attr);
			break;
		case TEAM_ATTR_LIST_OPTION:
			req->has.list_option = true;
			req->list_option = attr;
			break;
		}
	}
	return 0;
}

static int team_options_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct team_options_set_req req;
	int ret;

	ret = team_options_set_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return team_do_options_set(info, &req);
}

static const struct nla_policy team_options_get_policy[TEAM_ATTR_LIST_OPTION + 1] = {
	[TEAM_ATTR_TEAM_IFINDEX] = { .type = NLA_U32, },
	[TEAM_ATTR_LIST_OPTION] = NLA_POLICY_NESTED(team_item_option_policy),
};

static int team_options_get_req_read(struct team_options_get_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case TEAM_ATTR_TEAM_IFINDEX:
			req->has.team_ifindex = true;
			req->team_ifindex = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int team_options_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct team_options_get_req req;
	struct nlk_msg reply;
	int ret;

	ret = team_options_get_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &team_family, info, TEAM_CMD_OPTIONS_GET);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     team_do_options_get(info, &req, &reply));
}

static const struct nla_policy team_port_list_get_policy[TEAM_ATTR_LIST_OPTION + 1] = {
	[TEAM_ATTR_TEAM_IFINDEX] = { .type = NLA_U32, },
	[TEAM_ATTR_LIST_OPTION] = NLA_POLICY_NESTED(team_item_option_policy),
};

static int team_port_list_get_req_read(struct team_port_list_get_req *req,
				       const struct nlmsghdr *nlh,
				       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case TEAM_ATTR_TEAM_IFINDEX:
			req->has.team_ifindex = true;
			req->team_ifindex = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int team_port_list_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct team_port_list_get_req req;
	struct nlk_msg reply;
	int ret;

	ret = team_port_list_get_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &team_family, info,
			      TEAM_CMD_PORT_LIST_GET);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     team_do_port_list_get(info, &req, &reply));
}

#if NLK_SPLIT_OPS
static const struct genl_split_ops team_ops[] = {
	{
		.cmd		= TEAM_CMD_NOOP,
		.doit		= team_noop_doit,
		.policy		= team_noop_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.flags		= GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= TEAM_CMD_OPTIONS_SET,
		.doit		= team_options_set_doit,
		.policy		= team_options_set_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= TEAM_CMD_OPTIONS_GET,
		.doit		= team_options_get_doit,
		.policy		= team_options_get_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= TEAM_CMD_PORT_LIST_GET,
		.doit		= team_port_list_get_doit,
		.policy		= team_port_list_get_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.flags		= GENL_ADMIN_PERM | GENL_CMD_CAP_DO,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
};
#else
static const struct genl_ops team_ops[] = {
	{
		.cmd		= TEAM_CMD_NOOP,
		.doit		= team_noop_doit,
		.policy		= team_noop_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= TEAM_CMD_OPTIONS_SET,
		.doit		= team_options_set_doit,
		.policy		= team_options_set_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.flags		= GENL_ADMIN_PERM,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= TEAM_CMD_OPTIONS_GET,
		.doit		= team_options_get_doit,
		.policy		= team_options_get_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.flags		= GENL_ADMIN_PERM,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
	{
		.cmd		= TEAM_CMD_PORT_LIST_GET,
		.doit		= team_port_list_get_doit,
		.policy		= team_port_list_get_policy,
		.maxattr	= TEAM_ATTR_LIST_OPTION,
		.flags		= GENL_ADMIN_PERM,
		.validate	= GENL_DONT_VALIDATE_STRICT,
	},
};
#endif

/* ---- multicast groups ---- */

static const struct genl_multicast_group team_groups[] = {
	[TEAM_GROUP_CHANGE_EVENT] = {
		.name	= TEAM_MCGRP_CHANGE_EVENT,
	},
};

/* ---- notifications ---- */

int team_notify_options_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			    const void *arg)
{
	return nlk_multicast(&team_family, net, TEAM_GROUP_CHANGE_EVENT,
			     TEAM_CMD_OPTIONS_NTF, gfp, fill, arg);
}

int team_send_options_ntf(struct net *net, u32 portid, gfp_t gfp, nlk_fill fill,
			  const void *arg)
{
	return nlk_unicast(&team_family, net, portid, TEAM_CMD_OPTIONS_NTF, gfp,
			   fill, arg);
}

int team_notify_port_list_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
			      const void *arg)
{
	return nlk_multicast(&team_family, net, TEAM_GROUP_CHANGE_EVENT,
			     TEAM_CMD_PORT_LIST_NTF, gfp, fill, arg);
}

int team_send_port_list_ntf(struct net *net, u32 portid, gfp_t gfp,
			    nlk_fill fill, const void *arg)
{
	return nlk_unicast(&team_family, net, portid, TEAM_CMD_PORT_LIST_NTF,
			   gfp, fill, arg);
}

/* ---- the family ---- */

static struct genl_family team_family __ro_after_init = {
	.name		= TEAM_GENL_NAME,
	.version	= TEAM_GENL_VERSION,
	.netnsok	= true,
	.module		= THIS_MODULE,
#if NLK_SPLIT_OPS
	.split_ops	= team_ops,
	.n_split_ops	= ARRAY_SIZE(team_ops),
#else
	.ops		= team_ops,
	.n_ops		= ARRAY_SIZE(team_ops),
#endif
	NLK_RESV_START_OP(TEAM_CMD_PORT_LIST_GET + 1)
	.mcgrps		= team_groups,
	.n_mcgrps	= ARRAY_SIZE(team_groups),
};

MODULE_ALIAS_GENL_FAMILY(TEAM_GENL_NAME);

static int __init team_nl_init(void)
{
	int ret;

	ret = team_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&team_family);
	if (ret)
		goto teardown;
	ret = team_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&team_family);
teardown:
	team_teardown();
	return ret;
}
module_init(team_nl_init);

static void __exit team_nl_exit(void)
{
	team_stop();
	genl_unregister_family(&team_family);
	team_teardown();
}
module_exit(team_nl_exit);
