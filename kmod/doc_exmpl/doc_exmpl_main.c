// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the family DOC_EXMPL does: answers ECHO, and multicasts when somebody
 * writes 1 to /sys/kernel/genl_test/genl_trigger. How messages are checked,
 * made and sent is generated.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kobject.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "doc_exmpl_nl.h"

#define KERNEL_TEXT "Hello from kernel space!!!"

/* Bytes of a sender's text that are logged; the rest is cut. */
#define LOGGED_MAX 128

int doc_exmpl_do_echo(struct genl_info *info,
		      const struct doc_exmpl_echo_req *req,
		      struct nlk_msg *reply)
{
	if (!req->has.msg)
		return nlk_missing(info->extack, NULL, DOC_EXMPL_A_MSG);
	/* Anybody may send anything: escaped, and not as often as they like. */
	pr_info_ratelimited("doit, port %u: %*pE\n", info->snd_portid,
			    (int)strnlen(req->msg, LOGGED_MAX), req->msg);
	doc_exmpl_put_msg(reply, KERNEL_TEXT);
	return 0;
}

/* ---- the trigger ---- */

static int fill_hello(struct nlk_msg *m, const void *text)
{
	doc_exmpl_put_msg(m, text);
	return 0;
}

static ssize_t genl_trigger_store(struct kobject *kobj,
				  struct kobj_attribute *attr, const char *buf,
				  size_t count)
{
	int ret;

	if (!sysfs_streq(buf, "1"))
		return -EINVAL;
	/* Listeners in the network namespace of the process that writes. */
	ret = doc_exmpl_notify_hello(current->nsproxy->net_ns, GFP_KERNEL,
				    fill_hello, KERNEL_TEXT);
	return ret ?: count;
}

static struct kobj_attribute genl_trigger = __ATTR_WO(genl_trigger);

static struct kobject *genl_test;

int doc_exmpl_setup(void)
{
	return 0;
}

/* The family is there: the trigger may be pulled from here on. */
int doc_exmpl_start(void)
{
	int ret;

	genl_test = kobject_create_and_add("genl_test", kernel_kobj);
	if (!genl_test)
		return -ENOMEM;
	ret = sysfs_create_file(genl_test, &genl_trigger.attr);
	if (ret) {
		kobject_del(genl_test);
		kobject_put(genl_test);
	}
	return ret;
}

void doc_exmpl_stop(void)
{
	/*
	 * Waits for a writer that is in genl_trigger_store() and lets no other
	 * in. The folder is gone at once, even if the object lives on for a
	 * while: the module can be loaded again right away.
	 */
	kobject_del(genl_test);
	kobject_put(genl_test);
}

void doc_exmpl_teardown(void)
{
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("nlkit demo: the generic netlink family DOC_EXMPL");
