// SPDX-License-Identifier: GPL-2.0-only
/*
 * A netlink protocol without generic netlink: one-way messages, replies, and
 * broadcasts to a group. There is a kernel socket in each network namespace,
 * and whoever sends is answered in its own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/netns/generic.h>
#include <net/sock.h>

#include "uapi/linux/nlkit_plain.h"

/* Bytes of a text that is logged or read; the rest is cut. */
#define PLAIN_TEXT_MAX 128

/* Bytes of payload in what the thread announces. */
#define PLAIN_ANNOUNCED_SIZE 32

static unsigned int announce;
module_param(announce, uint, 0444);
MODULE_PARM_DESC(announce,
		 "broadcasts that a thread sends in the initial network namespace once loaded (0 to 10000)");

static unsigned int interval_ms = 1000;
module_param(interval_ms, uint, 0444);
MODULE_PARM_DESC(interval_ms, "time before each of them (1 to 60000 ms)");

struct plain_net {
	struct sock *sk;
	atomic64_t sent; /* broadcasts */
};

static unsigned int plain_net_id __read_mostly;
static struct task_struct *plain_announcer;

static struct plain_net *plain_net(const struct net *net)
{
	return net_generic(net, plain_net_id);
}

/* ---- sending ---- */

static int plain_reply(struct plain_net *pn, struct sk_buff *request,
		       const struct nlmsghdr *asked, const char *text)
{
	/* Who sent it is what the kernel saw, not what the header says. */
	u32 portid = NETLINK_CB(request).portid;
	size_t len = strlen(text) + 1;
	struct nlmsghdr *nlh;
	struct sk_buff *skb;

	skb = nlmsg_new(len, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	nlh = nlmsg_put(skb, portid, asked->nlmsg_seq, asked->nlmsg_type, len,
			0);
	if (!nlh) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	memcpy(nlmsg_data(nlh), text, len);
	return nlmsg_unicast(pn->sk, skb, portid);
}

/* Broadcast i of n, with a payload of size bytes or what its text needs. */
static int plain_broadcast(struct plain_net *pn, unsigned int i,
			   unsigned int n, size_t size)
{
	char text[PLAIN_TEXT_MAX];
	struct nlmsghdr *nlh;
	struct sk_buff *skb;
	size_t len;

	len = scnprintf(text, sizeof(text), NLKIT_PLAIN_BROADCAST_TEXT, i, n);
	size = max(size, len + 1);
	skb = nlmsg_new(size, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	nlh = nlmsg_put(skb, 0, 0, NLKIT_PLAIN_BROADCAST, size, 0);
	if (!nlh) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	memset(nlmsg_data(nlh), 0, size);
	memcpy(nlmsg_data(nlh), text, len);
	/* That nobody took it (-ESRCH) is no failure of the sender. */
	nlmsg_multicast(pn->sk, skb, 0, NLKIT_PLAIN_GROUP, GFP_KERNEL);
	atomic64_inc(&pn->sent);
	return 0;
}

static int plain_broadcasts(struct plain_net *pn, const char *what,
			    struct netlink_ext_ack *extack)
{
	unsigned int n, size, i;
	int ret;

	/* Nine digits at most: more would be read modulo 2^32. */
	if (sscanf(what, "broadcasts: %9u, bytes each: %9u", &n, &size) != 2 ||
	    !n || n > NLKIT_PLAIN_BROADCASTS_MAX ||
	    size > NLKIT_PLAIN_BROADCAST_SIZE_MAX) {
		NL_SET_ERR_MSG(extack,
			       "need a text such as \"broadcasts: 10000, bytes each: 4096\"");
		return -EINVAL;
	}
	pr_info_ratelimited("sending %u broadcasts to group %d\n", n,
			    NLKIT_PLAIN_GROUP);
	for (i = 1; i <= n; i++) {
		if (fatal_signal_pending(current))
			break; /* nobody waits for the answer */
		ret = plain_broadcast(pn, i, n, size);
		if (ret)
			return ret;
		cond_resched();
	}
	return 0;
}

/* ---- receiving ---- */

static int plain_message(struct sk_buff *skb, struct nlmsghdr *nlh,
			 struct netlink_ext_ack *extack)
{
	struct plain_net *pn = plain_net(sock_net(skb->sk));
	char text[PLAIN_TEXT_MAX];
	size_t len;

	/* The sender need not have ended its text, or sent any. */
	len = min_t(size_t, nlmsg_len(nlh), sizeof(text) - 1);
	len = strnlen(nlmsg_data(nlh), len);
	memcpy(text, nlmsg_data(nlh), len);
	text[len] = '\0';

	switch (nlh->nlmsg_type) {
	case NLKIT_PLAIN_ONE_WAY:
		pr_info_ratelimited("one-way message from port %u: %*pE\n",
				    NETLINK_CB(skb).portid, (int)len, text);
		return 0;
	case NLKIT_PLAIN_TWO_WAY:
		pr_info_ratelimited("message from port %u: %*pE\n",
				    NETLINK_CB(skb).portid, (int)len, text);
		return plain_reply(pn, skb, nlh, NLKIT_PLAIN_KERNEL_TEXT);
	case NLKIT_PLAIN_BROADCAST:
		return plain_broadcasts(pn, text, extack);
	case NLKIT_PLAIN_COUNT:
		scnprintf(text, sizeof(text), "%lld",
			  (long long)atomic64_read(&pn->sent));
		return plain_reply(pn, skb, nlh, text);
	}
	return -EOPNOTSUPP;
}

/* Runs within the sender's sendmsg(). */
static void plain_input(struct sk_buff *skb)
{
	netlink_rcv_skb(skb, plain_message);
}

/* ---- network namespaces ---- */

static int __net_init plain_net_init(struct net *net)
{
	struct netlink_kernel_cfg cfg = {
		.groups = NLKIT_PLAIN_GROUP,
		.input = plain_input,
		.flags = NL_CFG_F_NONROOT_RECV,
	};
	struct plain_net *pn = plain_net(net);

	atomic64_set(&pn->sent, 0);
	pn->sk = netlink_kernel_create(net, NLKIT_PLAIN_PROTOCOL, &cfg);
	if (!pn->sk) {
		pr_err("no socket for netlink protocol %d: RDMA (ib_core) may have it\n",
		       NLKIT_PLAIN_PROTOCOL);
		return -EADDRINUSE;
	}
	return 0;
}

static void __net_exit plain_net_exit(struct net *net)
{
	netlink_kernel_release(plain_net(net)->sk);
}

static struct pernet_operations plain_net_ops = {
	.init = plain_net_init,
	.exit = plain_net_exit,
	.id = &plain_net_id,
	.size = sizeof(struct plain_net),
};

/* ---- the thread that announces ---- */

/* Sleeps for the interval; false if the module is being unloaded. */
static bool plain_pause(void)
{
	unsigned long until = jiffies + msecs_to_jiffies(interval_ms);

	while (time_before(jiffies, until)) {
		/* Before the question, or a wake-up right after it is lost. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule_timeout(until - jiffies);
	}
	__set_current_state(TASK_RUNNING);
	return !kthread_should_stop();
}

static int plain_announce(void *unused)
{
	unsigned int i;

	for (i = 1; i <= announce && plain_pause(); i++)
		plain_broadcast(plain_net(&init_net), i, announce,
				PLAIN_ANNOUNCED_SIZE);
	return 0;
}

static int __init plain_announcer_start(void)
{
	struct task_struct *t;

	t = kthread_create(plain_announce, NULL, KBUILD_MODNAME);
	if (IS_ERR(t))
		return PTR_ERR(t);
	/* It ends by itself, and kthread_stop() must find it even so. */
	get_task_struct(t);
	plain_announcer = t;
	wake_up_process(t);
	return 0;
}

/* ---- the module ---- */

static int __init plain_init(void)
{
	int ret;

	if (announce > NLKIT_PLAIN_BROADCASTS_MAX || !interval_ms ||
	    interval_ms > 60000) {
		pr_err("announce is up to %d, interval_ms from 1 to 60000\n",
		       NLKIT_PLAIN_BROADCASTS_MAX);
		return -EINVAL;
	}
	ret = register_pernet_subsys(&plain_net_ops);
	if (ret)
		return ret;
	if (announce) {
		ret = plain_announcer_start();
		if (ret)
			unregister_pernet_subsys(&plain_net_ops);
	}
	return ret;
}
module_init(plain_init);

static void __exit plain_exit(void)
{
	if (plain_announcer) {
		kthread_stop(plain_announcer);
		put_task_struct(plain_announcer);
	}
	unregister_pernet_subsys(&plain_net_ops);
}
module_exit(plain_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("nlkit demo: a plain netlink protocol");
