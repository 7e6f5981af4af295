/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the module that are not generated share. */
#ifndef NLKIT_TEST_MAIN_H
#define NLKIT_TEST_MAIN_H

#include <linux/atomic.h>

#include "nlkit_test_nl.h"

/* Of the whole module since it was loaded: see the spec. */
struct nlkit_test_counts {
	atomic64_t calls;
	atomic64_t notifications;
	atomic64_t series_started;
	atomic64_t series_done;
	atomic64_t series_entered;
	atomic64_t series_left;
};

extern struct nlkit_test_counts nlkit_test_counts;

/* Each handler calls this first. */
static inline void nlkit_test_called(void)
{
	atomic64_inc(&nlkit_test_counts.calls);
}

/* Counts a notification if it was handed over, and hands its error on. */
static inline int nlkit_test_notified(int ret)
{
	if (!ret)
		atomic64_inc(&nlkit_test_counts.notifications);
	return ret;
}

/* size bytes, each the low byte of index plus its place: size <= PATTERN_MAX */
#define NLKIT_TEST_PATTERN_MAX 32000
const void *nlkit_test_pattern(u32 index);
void nlkit_test_pattern_init(void);

/* The tables of items, one for each network namespace. */
int nlkit_test_items_init(void);
void nlkit_test_items_exit(void);
void nlkit_test_items_stat(struct net *net, u32 *items, u32 *generation);

#endif
