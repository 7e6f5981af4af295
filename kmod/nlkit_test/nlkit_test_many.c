// SPDX-License-Identifier: GPL-2.0-only
/* Messages that are large or many: series, burst, whisper. */
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "nlkit_test_main.h"

/* Each byte is its place: index shifts where it is read from. */
static u8 pattern[NLKIT_TEST_PATTERN_MAX + 256];

void nlkit_test_pattern_init(void)
{
	size_t i;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = i;
}

const void *nlkit_test_pattern(u32 index)
{
	return pattern + (u8)index;
}

/* ---- series ---- */

int nlkit_test_do_series(struct genl_info *info,
			 const struct nlkit_test_series_req *req,
			 struct nlk_msg *reply)
{
	u32 i;

	nlkit_test_called();
	/* What has become too large is not filled any further. */
	for (i = 1; i <= req->entries && !reply->err; i++) {
		nlkit_test_series_begin_entry(reply);
		nlkit_test_series_entry_put_index(reply, i);
		if (req->has.size)
			nlkit_test_series_entry_put_data(
				reply, nlkit_test_pattern(i), req->size);
		nlk_end(reply);
		cond_resched();
	}
	return 0;
}

/* at.pos is the number of entries so far. */
int nlkit_test_dump_series(struct nlk_dump *d,
			   const struct nlkit_test_series_dump_req *req,
			   struct nlk_msg *entry)
{
	u32 index = d->at.pos + 1;

	nlkit_test_called();
	d->at.generation = 1;
	if (req->has.change_at && index >= req->change_at)
		d->at.generation = 2;
	if (index > req->entries)
		return 0;
	nlkit_test_series_put_index(entry, index);
	if (req->has.size)
		nlkit_test_series_put_data(entry, nlkit_test_pattern(index),
					   req->size);
	d->at.pos = index;
	return 1;
}

/* What the kernel begins it also ends: the counts show it. */

int nlkit_test_series_do_pre(struct genl_info *info)
{
	atomic64_inc(&nlkit_test_counts.series_entered);
	return 0;
}

void nlkit_test_series_do_post(struct genl_info *info)
{
	atomic64_inc(&nlkit_test_counts.series_left);
}

int nlkit_test_series_dump_pre(struct nlk_dump *d)
{
	atomic64_inc(&nlkit_test_counts.series_started);
	return 0;
}

void nlkit_test_series_dump_post(struct nlk_dump *d)
{
	atomic64_inc(&nlkit_test_counts.series_done);
}

/* ---- burst ---- */

struct burst {
	const struct nlkit_test_burst_req *req;
	u32 index;
};

static int fill_burst(struct nlk_msg *m, const void *arg)
{
	const struct burst *b = arg;

	nlkit_test_burst_put_count(m, b->req->count);
	nlkit_test_burst_put_index(m, b->index);
	if (b->req->has.size)
		nlkit_test_burst_put_data(m, nlkit_test_pattern(b->index),
					  b->req->size);
	return 0;
}

int nlkit_test_do_burst(struct genl_info *info,
			const struct nlkit_test_burst_req *req,
			struct nlk_msg *reply)
{
	struct net *net = genl_info_net(info);
	struct burst b = { .req = req };
	u32 sent = 0;

	nlkit_test_called();
	if (!req->has.count)
		return nlk_missing(info->extack, NULL,
				   NLKIT_TEST_A_BURST_COUNT);
	for (b.index = 1; b.index <= req->count; b.index++) {
		if (fatal_signal_pending(current))
			break; /* nobody waits for the answer */
		if (!nlkit_test_notified(nlkit_test_notify_burst_ntf(
			    net, GFP_KERNEL, fill_burst, &b)))
			sent++;
		cond_resched();
	}
	nlkit_test_burst_put_sent(reply, sent);
	return 0;
}

/* ---- whisper ---- */

static int fill_whisper(struct nlk_msg *m, const void *text)
{
	nlkit_test_whisper_put_text(m, text);
	return 0;
}

int nlkit_test_do_whisper(struct genl_info *info,
			  const struct nlkit_test_whisper_req *req)
{
	nlkit_test_called();
	if (!req->has.text)
		return nlk_missing(info->extack, NULL,
				   NLKIT_TEST_A_WHISPER_TEXT);
	return nlkit_test_notified(nlkit_test_send_whisper_ntf(
		genl_info_net(info), info->snd_portid, GFP_KERNEL,
		fill_whisper, req->text));
}
