// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does on purpose what modules must not, so that tests of the virtual machine
 * can show that it is noticed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

static int leak;
module_param(leak, int, 0444);
MODULE_PARM_DESC(leak, "pages to allocate and forget");

static bool warn;
module_param(warn, bool, 0444);
MODULE_PARM_DESC(warn, "complain, with a trace of calls");

static bool oops;
module_param(oops, bool, 0444);
MODULE_PARM_DESC(oops, "write to an address that is none");

static bool spin;
module_param(spin, bool, 0444);
MODULE_PARM_DESC(spin, "keep the processor for ever");

static int refuse;
module_param(refuse, int, 0444);
MODULE_PARM_DESC(refuse, "errno to refuse being loaded with");

static int __init nlkit_selftest_init(void)
{
	int i;

	pr_info("loaded\n");
	for (i = 0; i < leak; i++) {
		void *page = kmalloc(PAGE_SIZE, GFP_KERNEL);

		if (!page)
			return -ENOMEM;
		OPTIMIZER_HIDE_VAR(page);
	}
	WARN_ON(warn);
	if (oops)
		*(volatile int *)16 = 1;
	if (spin) {
		preempt_disable();
		for (;;)
			cpu_relax();
	}
	return -refuse;
}

static void __exit nlkit_selftest_exit(void)
{
	pr_info("unloaded\n");
}

module_init(nlkit_selftest_init);
module_exit(nlkit_selftest_exit);

MODULE_DESCRIPTION("Misbehaves when asked to, for tests of the virtual machine");
MODULE_LICENSE("GPL");
