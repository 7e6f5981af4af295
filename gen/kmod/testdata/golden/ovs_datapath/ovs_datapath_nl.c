// SPDX-License-Identifier: GPL-2.0-only
/* Made by nlkit gen kmod from ovs_datapath.yaml. Do not edit. */
#include <linux/slab.h>

#include "nlkit_core.h"
#include "ovs_datapath_nl.h"

#define OVS_DATAPATH_HDRSIZE	sizeof(struct ovs_header)

/* ---- operations ---- */

static struct genl_family ovs_datapath_family;

static const struct nla_policy ovs_datapath_get_policy[OVS_DP_ATTR_NAME + 1] = {
	[OVS_DP_ATTR_NAME] = { .type = NLA_NUL_STRING, },
};

static int ovs_datapath_get_req_read(struct ovs_datapath_get_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, OVS_DATAPATH_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVS_DP_ATTR_NAME:
			req->has.name = true;
			req->name = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int ovs_datapath_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovs_datapath_get_req req;
	struct nlk_msg reply;
	int ret;

	ret = ovs_datapath_get_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &ovs_datapath_family, info,
			      OVS_DP_CMD_GET);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     ovs_datapath_do_get(info, &req, &reply));
}

static int ovs_datapath_get_dump_entry(struct nlk_dump *d, const void *req,
				       struct nlk_msg *entry)
{
	return ovs_datapath_dump_get(d, req, entry);
}

static int ovs_datapath_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	struct ovs_datapath_get_req req;
	int ret;

	ret = ovs_datapath_get_req_read(&req, cb->nlh, cb->extack);
	if (ret)
		return ret;
	return nlk_dump_run(skb, cb, &ovs_datapath_family, OVS_DP_CMD_GET,
			    ovs_datapath_get_dump_entry, &req);
}

static const struct nla_policy ovs_datapath_new_policy[OVS_DP_ATTR_USER_FEATURES + 1] = {
	[OVS_DP_ATTR_NAME] = { .type = NLA_NUL_STRING, },
	[OVS_DP_ATTR_UPCALL_PID] = { .type = NLA_U32, },
	[OVS_DP_ATTR_USER_FEATURES] = NLA_POLICY_MASK(NLA_U32, 0xf),
};

static int ovs_datapath_new_req_read(struct ovs_datapath_new_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, OVS_DATAPATH_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVS_DP_ATTR_NAME:
			req->has.name = true;
			req->name = nla_data(attr);
			break;
		case OVS_DP_ATTR_UPCALL_PID:
			req->has.upcall_pid = true;
			req->upcall_pid = nla_get_u32(attr);
			break;
		case OVS_DP_ATTR_USER_FEATURES:
			req->has.user_features = true;
			req->user_features = nla_get_u32(attr);
			break;
		}
	}
	return 0;
}

static int ovs_datapath_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovs_datapath_new_req req;
	int ret;

	ret = ovs_datapath_new_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return ovs_datapath_do_new(info, &req);
}

static const struct nla_policy ovs_datapath_del_policy[OVS_DP_ATTR_NAME + 1] = {
	[OVS_DP_ATTR_NAME] = { .type = NLA_NUL_STRING, },
};

static int ovs_datapath_del_req_read(struct ovs_datapath_del_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, OVS_DATAPATH_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVS_DP_ATTR_NAME:
			req->has.name = true;
			req->name = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int ovs_datapath_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovs_datapath_del_req req;
	int ret;

	ret = ovs_datapath_del_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return ovs_datapath_do_del(info, &req);
}

static const struct nla_policy ovs_datapath_set_policy[OVS_DP_ATTR_PER_CPU_PIDS + 1] = {
	[OVS_DP_ATTR_NAME] = { .type = NLA_NUL_STRING, },
	[OVS_DP_ATTR_UPCALL_PID] = { .type = NLA_U32, },
	[OVS_DP_ATTR_USER_FEATURES] = NLA_POLICY_MASK(NLA_U32, 0xf),
	[OVS_DP_ATTR_MASKS_CACHE_SIZE] = { .type = NLA_U32, },
	[OVS_DP_ATTR_PER_CPU_PIDS] = { .type = NLA_BINARY, },
};

static int ovs_datapath_set_req_read(struct ovs_datapath_set_req *req,
				     const struct nlmsghdr *nlh,
				     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, OVS_DATAPATH_HDRSIZE);
	memcpy(&req->hdr, nlk_hdr(nlh), sizeof(req->hdr));
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case OVS_DP_ATTR_NAME:
			req->has.name = true;
			req->name = nla_data(attr);
			break;
		case OVS_DP_ATTR_UPCALL_PID:
			req->has.upcall_pid = true;
			req->upcall_pid = nla_get_u32(attr);
			break;
		case OVS_DP_ATTR_USER_FEATURES:
			req->has.user_features = true;
			req->user_features = nla_get_u32(attr);
			break;
		case OVS_DP_ATTR_MASKS_CACHE_SIZE:
			req->has.masks_cache_size = true;
			req->masks_cache_size = nla_get_u32(attr);
			break;
		case OVS_DP_ATTR_PER_CPU_PIDS:
			req->has.per_cpu_pids = true;
			req->per_cpu_pids = nlk_bytes_of(attr);
			break;
		}
	}
	return 0;
}

static int ovs_datapath_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct ovs_datapath_set_req req;
	int ret;

	ret = ovs_datapath_set_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	return ovs_datapath_do_set(info, &req);
}

#if NLK_SPLIT_OPS
static const struct genl_split_ops ovs_datapath_ops[] = {
	{
		.cmd		= OVS_DP_CMD_NEW,
		.doit		= ovs_datapath_new_doit,
		.policy		= ovs_datapath_new_policy,
		.maxattr	= OVS_DP_ATTR_USER_FEATURES,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVS_DP_CMD_DEL,
		.doit		= ovs_datapath_del_doit,
		.policy		= ovs_datapath_del_policy,
		.maxattr	= OVS_DP_ATTR_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVS_DP_CMD_GET,
		.doit		= ovs_datapath_get_doit,
		.policy		= ovs_datapath_get_policy,
		.maxattr	= OVS_DP_ATTR_NAME,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= OVS_DP_CMD_GET,
		.dumpit		= ovs_datapath_get_dumpit,
		.policy		= ovs_datapath_get_policy,
		.maxattr	= OVS_DP_ATTR_NAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= OVS_DP_CMD_SET,
		.doit		= ovs_datapath_set_doit,
		.policy		= ovs_datapath_set_policy,
		.maxattr	= OVS_DP_ATTR_PER_CPU_PIDS,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};
#else
static const struct genl_ops ovs_datapath_ops[] = {
	{
		.cmd		= OVS_DP_CMD_NEW,
		.doit		= ovs_datapath_new_doit,
		.policy		= ovs_datapath_new_policy,
		.maxattr	= OVS_DP_ATTR_USER_FEATURES,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= OVS_DP_CMD_DEL,
		.doit		= ovs_datapath_del_doit,
		.policy		= ovs_datapath_del_policy,
		.maxattr	= OVS_DP_ATTR_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= OVS_DP_CMD_GET,
		.doit		= ovs_datapath_get_doit,
		.dumpit		= ovs_datapath_get_dumpit,
		.policy		= ovs_datapath_get_policy,
		.maxattr	= OVS_DP_ATTR_NAME,
	},
	{
		.cmd		= OVS_DP_CMD_SET,
		.doit		= ovs_datapath_set_doit,
		.policy		= ovs_datapath_set_policy,
		.maxattr	= OVS_DP_ATTR_PER_CPU_PIDS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};
#endif

/* ---- multicast groups ---- */

static const struct genl_multicast_group ovs_datapath_groups[] = {
	[OVS_DATAPATH_GROUP_OVS_DATAPATH] = {
		.name	= OVS_DATAPATH_MCGRP_OVS_DATAPATH,
	},
};

/* ---- notifications ---- */

int ovs_datapath_notify_new_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg)
{
	return nlk_multicast(&ovs_datapath_family, net,
			     OVS_DATAPATH_GROUP_OVS_DATAPATH,
			     OVS_DP_CMD_NEW_NTF, gfp, fill, arg);
}

int ovs_datapath_send_new_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg)
{
	return nlk_unicast(&ovs_datapath_family, net, portid,
			   OVS_DP_CMD_NEW_NTF, gfp, fill, arg);
}

int ovs_datapath_notify_del_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg)
{
	return nlk_multicast(&ovs_datapath_family, net,
			     OVS_DATAPATH_GROUP_OVS_DATAPATH,
			     OVS_DP_CMD_DEL_NTF, gfp, fill, arg);
}

int ovs_datapath_send_del_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg)
{
	return nlk_unicast(&ovs_datapath_family, net, portid,
			   OVS_DP_CMD_DEL_NTF, gfp, fill, arg);
}

int ovs_datapath_notify_set_ntf(struct net *net, gfp_t gfp, nlk_fill fill,
				const void *arg)
{
	return nlk_multicast(&ovs_datapath_family, net,
			     OVS_DATAPATH_GROUP_OVS_DATAPATH,
			     OVS_DP_CMD_SET_NTF, gfp, fill, arg);
}

int ovs_datapath_send_set_ntf(struct net *net, u32 portid, gfp_t gfp,
			      nlk_fill fill, const void *arg)
{
	return nlk_unicast(&ovs_datapath_family, net, portid,
			   OVS_DP_CMD_SET_NTF, gfp, fill, arg);
}

/* ---- the family ---- */

static struct genl_family ovs_datapath_family __ro_after_init = {
	.name		= OVS_DATAPATH_FAMILY_NAME,
	.version	= OVS_DATAPATH_FAMILY_VERSION,
	.hdrsize	= OVS_DATAPATH_HDRSIZE,
	.netnsok	= true,
	.module		= THIS_MODULE,
#if NLK_SPLIT_OPS
	.split_ops	= ovs_datapath_ops,
	.n_split_ops	= ARRAY_SIZE(ovs_datapath_ops),
#else
	.ops		= ovs_datapath_ops,
	.n_ops		= ARRAY_SIZE(ovs_datapath_ops),
#endif
	.mcgrps		= ovs_datapath_groups,
	.n_mcgrps	= ARRAY_SIZE(ovs_datapath_groups),
};

MODULE_ALIAS_GENL_FAMILY(OVS_DATAPATH_FAMILY_NAME);

static int __init ovs_datapath_nl_init(void)
{
	int ret;

	ret = ovs_datapath_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&ovs_datapath_family);
	if (ret)
		goto teardown;
	ret = ovs_datapath_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&ovs_datapath_family);
teardown:
	ovs_datapath_teardown();
	return ret;
}
module_init(ovs_datapath_nl_init);

static void __exit ovs_datapath_nl_exit(void)
{
	ovs_datapath_stop();
	genl_unregister_family(&ovs_datapath_family);
	ovs_datapath_teardown();
}
module_exit(ovs_datapath_nl_exit);
