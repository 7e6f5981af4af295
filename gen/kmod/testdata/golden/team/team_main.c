// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module team: what its operations do. This file is yours: nlkit gen kmod
 * writes it once and leaves it alone from then on.
 */
#include "team_nl.h"

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Generic netlink family team");

int team_do_noop(struct genl_info *info, struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int team_do_options_set(struct genl_info *info,
			const struct team_options_set_req *req)
{
	return -EOPNOTSUPP;
}

int team_do_options_get(struct genl_info *info,
			const struct team_options_get_req *req,
			struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int team_do_port_list_get(struct genl_info *info,
			  const struct team_port_list_get_req *req,
			  struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int team_setup(void)
{
	return 0;
}

int team_start(void)
{
	return 0;
}

void team_stop(void)
{
}

void team_teardown(void)
{
}
