// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module fou: what its operations do. This file is yours: nlkit gen kmod
 * writes it once and leaves it alone from then on.
 */
#include "fou_nl.h"

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Generic netlink family fou");

int fou_do_add(struct genl_info *info, const struct fou_add_req *req)
{
	return -EOPNOTSUPP;
}

int fou_do_del(struct genl_info *info, const struct fou_del_req *req)
{
	return -EOPNOTSUPP;
}

int fou_do_get(struct genl_info *info, const struct fou_get_req *req,
	       struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int fou_dump_get(struct nlk_dump *d, struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int fou_setup(void)
{
	return 0;
}

int fou_start(void)
{
	return 0;
}

void fou_stop(void)
{
}

void fou_teardown(void)
{
}
