// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module ovs_datapath: what its operations do. This file is yours: nlkit gen kmod
 * writes it once and leaves it alone from then on.
 */
#include "ovs_datapath_nl.h"

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Generic netlink family ovs_datapath");

int ovs_datapath_do_get(struct genl_info *info,
			const struct ovs_datapath_get_req *req,
			struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int ovs_datapath_dump_get(struct nlk_dump *d,
			  const struct ovs_datapath_get_req *req,
			  struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int ovs_datapath_do_new(struct genl_info *info,
			const struct ovs_datapath_new_req *req)
{
	return -EOPNOTSUPP;
}

int ovs_datapath_do_del(struct genl_info *info,
			const struct ovs_datapath_del_req *req)
{
	return -EOPNOTSUPP;
}

int ovs_datapath_do_set(struct genl_info *info,
			const struct ovs_datapath_set_req *req)
{
	return -EOPNOTSUPP;
}

int ovs_datapath_setup(void)
{
	return 0;
}

int ovs_datapath_start(void)
{
	return 0;
}

void ovs_datapath_stop(void)
{
}

void ovs_datapath_teardown(void)
{
}
