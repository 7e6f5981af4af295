// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module every_thing: what its operations do. This file is yours: nlkit gen kmod
 * writes it once and leaves it alone from then on.
 */
#include "every_thing_nl.h"

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Generic netlink family every-thing");

int every_thing_do_all(struct genl_info *info,
		       const struct every_thing_all_req *req,
		       struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int every_thing_do_both(struct genl_info *info,
			const struct every_thing_both_req *req,
			struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int every_thing_dump_both(struct nlk_dump *d,
			  const struct every_thing_both_req *req,
			  struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int every_thing_do_apart(struct genl_info *info,
			 const struct every_thing_apart_req *req,
			 struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int every_thing_dump_apart(struct nlk_dump *d,
			   const struct every_thing_apart_dump_req *req,
			   struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int every_thing_do_more(struct genl_info *info,
			const struct every_thing_more_req *req)
{
	return -EOPNOTSUPP;
}

int every_thing_dump_more(struct nlk_dump *d,
			  const struct every_thing_more_dump_req *req,
			  struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int every_thing_do_lax(struct genl_info *info,
		       const struct every_thing_lax_req *req)
{
	return -EOPNOTSUPP;
}

int every_thing_dump_lax(struct nlk_dump *d,
			 const struct every_thing_lax_dump_req *req,
			 struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int every_thing_do_laxer(struct genl_info *info,
			 const struct every_thing_laxer_req *req)
{
	return -EOPNOTSUPP;
}

int every_thing_dump_laxer(struct nlk_dump *d,
			   const struct every_thing_laxer_req *req,
			   struct nlk_msg *entry)
{
	return -EOPNOTSUPP;
}

int every_thing_do_nothing(struct genl_info *info,
			   const struct every_thing_nothing_req *req,
			   struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int every_thing_do_sometimes(struct genl_info *info,
			     const struct every_thing_sometimes_req *req,
			     struct nlk_msg *reply)
{
	return -EOPNOTSUPP;
}

int every_thing_do_seldom(struct genl_info *info,
			  const struct every_thing_seldom_req *req)
{
	return -EOPNOTSUPP;
}

int every_thing_enter(struct genl_info *info)
{
	return 0;
}

void every_thing_leave(struct genl_info *info)
{
}

int every_thing_begin(struct nlk_dump *d)
{
	return 0;
}

void every_thing_end(struct nlk_dump *d)
{
}

int every_thing_setup(void)
{
	return 0;
}

int every_thing_start(void)
{
	return 0;
}

void every_thing_stop(void)
{
}

void every_thing_teardown(void)
{
}
