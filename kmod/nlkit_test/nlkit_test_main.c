// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: what it counts, the smaller operations, and where it can be made
 * to fail while it is loaded.
 */
#include "nlkit_test_main.h"

static unsigned int fail_at;
module_param(fail_at, uint, 0444);
MODULE_PARM_DESC(fail_at,
		 "fail to load: 1 at once, 2 once the tables are there, 3 since the name is taken, 4 once the family is there");

struct nlkit_test_counts nlkit_test_counts;

/* ---- what a handler asks for ---- */

int nlkit_test_do_need(struct genl_info *info,
		       const struct nlkit_test_need_req *req)
{
	struct nlkit_test_inner inner;
	int ret;

	nlkit_test_called();
	if (!req->has.id)
		return nlk_missing(info->extack, NULL, NLKIT_TEST_A_NEED_ID);
	if (!req->has.inner)
		return nlk_missing(info->extack, NULL, NLKIT_TEST_A_NEED_INNER);
	ret = nlkit_test_inner_read(&inner, req->inner, info->extack);
	if (ret)
		return ret;
	if (!inner.has.id)
		return nlk_missing(info->extack, req->inner,
				   NLKIT_TEST_A_INNER_ID);
	if (!inner.has.deep)
		return nlk_missing(info->extack, req->inner,
				   NLKIT_TEST_A_INNER_DEEP);
	return 0;
}

/* ---- rights, strictness ---- */

int nlkit_test_do_admin(struct genl_info *info,
			const struct nlkit_test_admin_req *req)
{
	nlkit_test_called();
	return 0;
}

int nlkit_test_do_uns_admin(struct genl_info *info,
			    const struct nlkit_test_uns_admin_req *req)
{
	nlkit_test_called();
	return 0;
}

int nlkit_test_do_strict(struct genl_info *info)
{
	nlkit_test_called();
	return 0;
}

int nlkit_test_do_lax(struct genl_info *info,
		      const struct nlkit_test_lax_req *req,
		      struct nlk_msg *reply)
{
	nlkit_test_called();
	if (req->has.u8_any)
		nlkit_test_value_put_u8_any(reply, req->u8_any);
	if (req->has.u32_any)
		nlkit_test_value_put_u32_any(reply, req->u32_any);
	return 0;
}

/* ---- counts ---- */

int nlkit_test_do_stats(struct genl_info *info, struct nlk_msg *reply)
{
	struct nlkit_test_counts *c = &nlkit_test_counts;
	u32 items, generation;

	nlkit_test_called();
	nlkit_test_items_stat(genl_info_net(info), &items, &generation);
	nlkit_test_stats_put_calls(reply, atomic64_read(&c->calls));
	nlkit_test_stats_put_notifications(reply,
					   atomic64_read(&c->notifications));
	nlkit_test_stats_put_series_started(reply,
					    atomic64_read(&c->series_started));
	nlkit_test_stats_put_series_done(reply,
					 atomic64_read(&c->series_done));
	nlkit_test_stats_put_series_entered(reply,
					    atomic64_read(&c->series_entered));
	nlkit_test_stats_put_series_left(reply,
					 atomic64_read(&c->series_left));
	nlkit_test_stats_put_items(reply, items);
	nlkit_test_stats_put_generation(reply, generation);
	return 0;
}

/* ---- loading ---- */

/* Takes the family's name before the family does, for fail_at=3. */
static struct genl_family blocker = {
	.name = NLKIT_TEST_FAMILY_NAME,
	.version = NLKIT_TEST_FAMILY_VERSION,
	.module = THIS_MODULE,
};

int nlkit_test_setup(void)
{
	int ret;

	if (fail_at == 1)
		return -ENOMEM;
	nlkit_test_pattern_init();
	ret = nlkit_test_items_init();
	if (ret)
		return ret;
	if (fail_at == 2)
		ret = -ENOSPC;
	if (fail_at == 3)
		ret = genl_register_family(&blocker);
	if (ret)
		nlkit_test_items_exit();
	return ret;
}

int nlkit_test_start(void)
{
	return fail_at == 4 ? -EIO : 0;
}

void nlkit_test_stop(void)
{
}

void nlkit_test_teardown(void)
{
	if (fail_at == 3)
		genl_unregister_family(&blocker);
	nlkit_test_items_exit();
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("nlkit: a family to test with");
