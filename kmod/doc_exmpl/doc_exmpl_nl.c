// SPDX-License-Identifier: GPL-2.0-only
/* Made by nlkit gen kmod from doc_exmpl.yaml. Do not edit. */
#include <linux/slab.h>

#include "nlkit_core.h"
#include "doc_exmpl_nl.h"

/* ---- operations ---- */

static struct genl_family doc_exmpl_family;

static const struct nla_policy doc_exmpl_echo_policy[DOC_EXMPL_A_MSG + 1] = {
	[DOC_EXMPL_A_MSG] = { .type = NLA_NUL_STRING, },
};

static int doc_exmpl_echo_req_read(struct doc_exmpl_echo_req *req,
				   const struct nlmsghdr *nlh,
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	memset(req, 0, sizeof(*req));
	req->attrs = nlk_attrs_of(nlh, 0);
	nlk_for_each_entry(attr, req->attrs, rem) {
		switch (nla_type(attr)) {
		case DOC_EXMPL_A_MSG:
			req->has.msg = true;
			req->msg = nla_data(attr);
			break;
		}
	}
	return 0;
}

static int doc_exmpl_echo_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct doc_exmpl_echo_req req;
	struct nlk_msg reply;
	int ret;

	ret = doc_exmpl_echo_req_read(&req, info->nlhdr, info->extack);
	if (ret)
		return ret;
	ret = nlk_reply_begin(&reply, &doc_exmpl_family, info,
			      DOC_EXMPL_C_ECHO);
	if (ret)
		return ret;
	return nlk_reply_end(&reply, info,
			     doc_exmpl_do_echo(info, &req, &reply));
}

#if NLK_SPLIT_OPS
static const struct genl_split_ops doc_exmpl_ops[] = {
	{
		.cmd		= DOC_EXMPL_C_ECHO,
		.doit		= doc_exmpl_echo_doit,
		.policy		= doc_exmpl_echo_policy,
		.maxattr	= DOC_EXMPL_A_MSG,
		.flags		= GENL_CMD_CAP_DO,
	},
};
#else
static const struct genl_ops doc_exmpl_ops[] = {
	{
		.cmd		= DOC_EXMPL_C_ECHO,
		.doit		= doc_exmpl_echo_doit,
		.policy		= doc_exmpl_echo_policy,
		.maxattr	= DOC_EXMPL_A_MSG,
	},
};
#endif

/* ---- multicast groups ---- */

static const struct genl_multicast_group doc_exmpl_groups[] = {
	[DOC_EXMPL_GROUP_DOC_EXMPL_GRP] = {
		.name	= DOC_EXMPL_MCGRP_DOC_EXMPL_GRP,
	},
};

/* ---- notifications ---- */

int doc_exmpl_notify_hello(struct net *net, gfp_t gfp, nlk_fill fill,
			   const void *arg)
{
	return nlk_multicast(&doc_exmpl_family, net,
			     DOC_EXMPL_GROUP_DOC_EXMPL_GRP, DOC_EXMPL_C_HELLO,
			     gfp, fill, arg);
}

int doc_exmpl_send_hello(struct net *net, u32 portid, gfp_t gfp, nlk_fill fill,
			 const void *arg)
{
	return nlk_unicast(&doc_exmpl_family, net, portid, DOC_EXMPL_C_HELLO,
			   gfp, fill, arg);
}

/* ---- the family ---- */

static struct genl_family doc_exmpl_family __ro_after_init = {
	.name		= DOC_EXMPL_FAMILY_NAME,
	.version	= DOC_EXMPL_FAMILY_VERSION,
	.netnsok	= true,
	.module		= THIS_MODULE,
#if NLK_SPLIT_OPS
	.split_ops	= doc_exmpl_ops,
	.n_split_ops	= ARRAY_SIZE(doc_exmpl_ops),
#else
	.ops		= doc_exmpl_ops,
	.n_ops		= ARRAY_SIZE(doc_exmpl_ops),
#endif
	.mcgrps		= doc_exmpl_groups,
	.n_mcgrps	= ARRAY_SIZE(doc_exmpl_groups),
};

MODULE_ALIAS_GENL_FAMILY(DOC_EXMPL_FAMILY_NAME);

static int __init doc_exmpl_nl_init(void)
{
	int ret;

	ret = doc_exmpl_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&doc_exmpl_family);
	if (ret)
		goto teardown;
	ret = doc_exmpl_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&doc_exmpl_family);
teardown:
	doc_exmpl_teardown();
	return ret;
}
module_init(doc_exmpl_nl_init);

static void __exit doc_exmpl_nl_exit(void)
{
	doc_exmpl_stop();
	genl_unregister_family(&doc_exmpl_family);
	doc_exmpl_teardown();
}
module_exit(doc_exmpl_nl_exit);
