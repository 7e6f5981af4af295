// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module ovpn: what its operations do. This file is yours: nlkit gen kmod
 * writes it once and leaves it alone from then on.
 */
#include "ovpn_nl.h"

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Generic netlink family ovpn");

int ovpn_do_peer_new(struct genl_info *info,
		     const struct ovpn_peer_new_req *req)
{
	return -EOPNOTSUPP;
}

int ovpn_do_peer_set(struct genl_info *info,
		     const struct ovpn_peer_set_req *req)
{
	return -EOPNOTSUPP;
}

int ovpn_do_peer_get(struct genl_info *info,
		     const struct ovpn_peer_get_req *req, struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int ovpn_dump_peer_get(struct nlk_dump *d,
		       const struct ovpn_peer_get_dump_req *req,
		       struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int ovpn_do_peer_del(struct genl_info *info,
		     const struct ovpn_peer_del_req *req)
{
	return -EOPNOTSUPP;
}

int ovpn_do_key_new(struct genl_info *info, const struct ovpn_key_new_req *req)
{
	return -EOPNOTSUPP;
}

int ovpn_do_key_get(struct genl_info *info, const struct ovpn_key_get_req *req,
		    struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int ovpn_do_key_swap(struct genl_info *info,
		     const struct ovpn_key_swap_req *req)
{
	return -EOPNOTSUPP;
}

int ovpn_do_key_del(struct genl_info *info, const struct ovpn_key_del_req *req)
{
	return -EOPNOTSUPP;
}

int ovpn_nl_pre_doit(struct genl_info *info)
{
	return 0;
}

void ovpn_nl_post_doit(struct genl_info *info)
{
}

int ovpn_setup(void)
{
	return 0;
}

int ovpn_start(void)
{
	return 0;
}

void ovpn_stop(void)
{
}

void ovpn_teardown(void)
{
}
