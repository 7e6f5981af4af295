// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table of items, one for each network namespace: get, dump, set, del, and a
 * notification of each change. It has at most NLKIT_TEST_ITEMS_MAX items of
 * less than 400 bytes each, which are charged to whoever makes them.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "nlkit_test_main.h"

#define NAME_MAX_LEN 31
#define DATA_MAX_LEN 256

struct item {
	u32 colour;
	u16 data_len;
	bool has_name, has_colour, has_data;
	char name[NAME_MAX_LEN + 1];
	u8 data[DATA_MAX_LEN];
};

struct table {
	struct mutex lock; /* over all of it */
	struct xarray items; /* struct item by id */
	u32 count;
	u32 generation; /* never 0: dumps take that for "not known" */
};

static unsigned int table_id __read_mostly;

static struct table *table_of(struct net *net)
{
	return net_generic(net, table_id);
}

static void table_changed(struct table *t)
{
	lockdep_assert_held(&t->lock);
	if (!++t->generation)
		t->generation = 1;
}

/* What a message about an item is filled from. */
struct described {
	u32 id;
	u32 generation;
	const struct item *item;
};

static int put_item(struct nlk_msg *m, const void *arg)
{
	const struct described *d = arg;
	const struct item *item = d->item;

	nlkit_test_item_put_id(m, d->id);
	if (item->has_name)
		nlkit_test_item_put_name(m, item->name);
	if (item->has_colour)
		nlkit_test_item_put_colour(m, item->colour);
	if (item->has_data)
		nlkit_test_item_put_data(m, item->data, item->data_len);
	nlkit_test_item_put_generation(m, d->generation);
	return 0;
}

static int put_deleted(struct nlk_msg *m, const void *arg)
{
	const struct described *d = arg;

	nlkit_test_item_put_id(m, d->id);
	nlkit_test_item_put_generation(m, d->generation);
	return 0;
}

static int no_such_item(struct genl_info *info)
{
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[NLKIT_TEST_A_ITEM_ID],
			    "there is no item with this id");
	return -ENOENT;
}

int nlkit_test_do_item_get(struct genl_info *info,
			   const struct nlkit_test_item_get_req *req,
			   struct nlk_msg *reply)
{
	struct table *t = table_of(genl_info_net(info));
	struct described d = { .id = req->id };
	int ret;

	nlkit_test_called();
	if (!req->has.id)
		return nlk_missing(info->extack, NULL, NLKIT_TEST_A_ITEM_ID);
	mutex_lock(&t->lock);
	d.generation = t->generation;
	d.item = xa_load(&t->items, req->id);
	ret = d.item ? put_item(reply, &d) : no_such_item(info);
	mutex_unlock(&t->lock);
	return ret;
}

/* at.pos is the least id that has not been looked at. */
int nlkit_test_dump_item_get(struct nlk_dump *dump,
			     const struct nlkit_test_item_get_dump_req *req,
			     struct nlk_msg *entry)
{
	struct table *t = table_of(dump->net);
	unsigned long id = dump->at.pos;
	struct described d;
	struct item *item;
	int ret = 0;

	nlkit_test_called();
	mutex_lock(&t->lock);
	dump->at.generation = t->generation;
	xa_for_each_start(&t->items, id, item, dump->at.pos) {
		if (req->has.colour &&
		    (!item->has_colour || item->colour != req->colour))
			continue;
		d = (struct described){ id, t->generation, item };
		put_item(entry, &d);
		dump->at.pos = id + 1;
		ret = 1;
		break;
	}
	mutex_unlock(&t->lock);
	return ret;
}

static void item_change(struct item *item,
			const struct nlkit_test_item_set_req *req)
{
	/* The policy bounds the lengths; cut all the same, should they differ. */
	if (req->has.name) {
		item->has_name = true;
		strscpy(item->name, req->name, sizeof(item->name));
	}
	if (req->has.colour) {
		item->has_colour = true;
		item->colour = req->colour;
	}
	if (req->has.data) {
		item->has_data = true;
		item->data_len = min_t(u32, req->data.len, DATA_MAX_LEN);
		memcpy(item->data, req->data.data, item->data_len);
	}
}

/* The item with this id, made if there is none. */
static struct item *item_make(struct table *t, struct genl_info *info, u32 id)
{
	struct item *item = xa_load(&t->items, id);
	int ret;

	lockdep_assert_held(&t->lock);
	if (item)
		return item;
	if (t->count >= NLKIT_TEST_ITEMS_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[NLKIT_TEST_A_ITEM_ID],
				    "the table is full");
		return ERR_PTR(-ENOSPC);
	}
	item = kzalloc(sizeof(*item), GFP_KERNEL_ACCOUNT);
	if (!item)
		return ERR_PTR(-ENOMEM);
	ret = xa_err(xa_store(&t->items, id, item, GFP_KERNEL_ACCOUNT));
	if (ret) {
		kfree(item);
		return ERR_PTR(ret);
	}
	t->count++;
	return item;
}

int nlkit_test_do_item_set(struct genl_info *info,
			   const struct nlkit_test_item_set_req *req)
{
	struct net *net = genl_info_net(info);
	struct table *t = table_of(net);
	struct described d;
	struct item *item;

	nlkit_test_called();
	if (!req->has.id)
		return nlk_missing(info->extack, NULL, NLKIT_TEST_A_ITEM_ID);
	mutex_lock(&t->lock);
	item = item_make(t, info, req->id);
	if (!IS_ERR(item)) {
		item_change(item, req);
		table_changed(t);
		d = (struct described){ req->id, t->generation, item };
		/* Within the lock: they arrive in the order of the changes. */
		nlkit_test_notified(nlkit_test_notify_item_ntf(
			net, GFP_KERNEL, put_item, &d));
	}
	mutex_unlock(&t->lock);
	return PTR_ERR_OR_ZERO(item);
}

int nlkit_test_do_item_del(struct genl_info *info,
			   const struct nlkit_test_item_del_req *req)
{
	struct net *net = genl_info_net(info);
	struct table *t = table_of(net);
	struct described d;
	struct item *item;

	nlkit_test_called();
	if (!req->has.id)
		return nlk_missing(info->extack, NULL, NLKIT_TEST_A_ITEM_ID);
	mutex_lock(&t->lock);
	item = xa_erase(&t->items, req->id);
	if (item) {
		t->count--;
		table_changed(t);
		d = (struct described){ req->id, t->generation, NULL };
		nlkit_test_notified(nlkit_test_notify_item_del_ntf(
			net, GFP_KERNEL, put_deleted, &d));
		kfree(item);
	}
	mutex_unlock(&t->lock);
	return item ? 0 : no_such_item(info);
}

void nlkit_test_items_stat(struct net *net, u32 *items, u32 *generation)
{
	struct table *t = table_of(net);

	mutex_lock(&t->lock);
	*items = t->count;
	*generation = t->generation;
	mutex_unlock(&t->lock);
}

static int __net_init table_init(struct net *net)
{
	struct table *t = table_of(net);

	mutex_init(&t->lock);
	xa_init(&t->items);
	t->generation = 1;
	return 0;
}

static void __net_exit table_exit(struct net *net)
{
	struct table *t = table_of(net);
	struct item *item;
	unsigned long id;

	xa_for_each(&t->items, id, item)
		kfree(item);
	xa_destroy(&t->items);
	mutex_destroy(&t->lock);
}

static struct pernet_operations table_ops = {
	.init = table_init,
	.exit = table_exit,
	.id = &table_id,
	.size = sizeof(struct table),
};

int nlkit_test_items_init(void)
{
	return register_pernet_subsys(&table_ops);
}

void nlkit_test_items_exit(void)
{
	unregister_pernet_subsys(&table_ops);
}
