// SPDX-License-Identifier: GPL-2.0-only
/*
 * For the tests of internal/vmtest/modules: takes the low numbers of multicast
 * groups, or the name of a family, so that others have to do without.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <net/genetlink.h>

/* Each with a group: those of one family have numbers in a row. */
#define CROWD_MAX 48

static char *name;
module_param(name, charp, 0444);
MODULE_PARM_DESC(name, "name of one family to register instead of many");

static const struct genl_multicast_group crowd_group[] = {
	{ .name = "crowd" },
};

static struct genl_family crowd_families[CROWD_MAX];
static int crowd_count;

static int crowd_register(const char *as)
{
	struct genl_family *f = &crowd_families[crowd_count];
	int ret;

	f->version = 1;
	f->netnsok = true;
	f->module = THIS_MODULE;
	f->mcgrps = crowd_group;
	f->n_mcgrps = ARRAY_SIZE(crowd_group);
	strscpy(f->name, as, sizeof(f->name));
	ret = genl_register_family(f);
	if (!ret)
		crowd_count++;
	return ret;
}

static void crowd_unregister(void)
{
	while (crowd_count)
		genl_unregister_family(&crowd_families[--crowd_count]);
}

static int __init crowd_init(void)
{
	char as[GENL_NAMSIZ];
	int ret, i;

	if (name)
		return crowd_register(name);
	for (i = 0; i < CROWD_MAX; i++) {
		scnprintf(as, sizeof(as), "crowd%d", i);
		ret = crowd_register(as);
		if (ret) {
			crowd_unregister();
			return ret;
		}
	}
	return 0;
}
module_init(crowd_init);

static void __exit crowd_exit(void)
{
	crowd_unregister();
}
module_exit(crowd_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("nlkit tests: takes numbers of multicast groups");
